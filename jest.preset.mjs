import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));

/** One configuration for every package: TypeScript sources run as they are, without a build. */
export default {
  testEnvironment: `${root}jest.environment.cjs`,
  testEnvironmentOptions: {
    customExportConditions: ['@ae/source', 'node', 'node-addons'],
    // A process ends with its tests: there is nothing to clean up, only warnings to print.
    globalsCleanup: 'off',
  },
  setupFilesAfterEnv: [`${root}jest.setup.cjs`],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/package'],
  transform: {
    '\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { decoratorVersion: '2022-03' },
        },
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!.*@tensorflow/tfjs-backend-wasm/dist/)'],
  // Sources import './file.js', as Node wants it; here './file.ts' stands behind it.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};
