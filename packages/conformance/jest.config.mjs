import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'conformance',
  moduleNameMapper: { ...preset.moduleNameMapper, '^h5wasm$': '<rootDir>/../interop/h5wasm.cjs' },
};
