import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';

/** The two builds of the kernels. */
export type Build = 'SIMD' | 'relaxed SIMD';

/** Runs tests on the WASM backend with one build of its kernels. */
export function onBackend(build: Build, tests: () => void): void {
  describe(build, () => {
    beforeAll(async () => {
      tf.engine().reset();
      const { relaxedSimd } = await useWasm({
        relaxedSimd: build === 'SIMD' ? false : 'auto',
        threads: 1,
      });
      // Where the engine has no relaxed SIMD the tests run with plain SIMD twice.
      if (build === 'SIMD') expect(relaxedSimd).toBe(false);
    });
    afterAll(() => tf.engine().reset());
    tests();
  });
}

/** Runs tests with either build. */
export function onEachBackend(tests: () => void): void {
  onBackend('SIMD', tests);
  onBackend('relaxed SIMD', tests);
}
