import preset from '../jest.preset.mjs';

// Programs are started and types checked; a busy machine may take its time.
export default { ...preset, displayName: 'examples', testTimeout: 60_000 };
