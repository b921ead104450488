import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'interop',
  moduleNameMapper: { ...preset.moduleNameMapper, '^h5wasm$': '<rootDir>/h5wasm.cjs' },
};
