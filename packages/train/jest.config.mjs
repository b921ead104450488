import preset from '../../jest.preset.mjs';

// Some tests train, start programs or a browser; a busy machine may take its time.
export default { ...preset, displayName: 'train', testTimeout: 60_000 };
