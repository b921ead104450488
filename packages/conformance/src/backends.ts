import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';

/** Runs tests on the WASM backend with plain SIMD, and with relaxed SIMD where the engine has it. */
export function onEachBackend(tests: () => void): void {
  for (const relaxedSimd of [false, 'auto'] as const) {
    describe(relaxedSimd ? 'relaxed SIMD' : 'SIMD', () => {
      beforeAll(async () => {
        tf.engine().reset();
        await useWasm({ relaxedSimd, threads: 1 });
      });
      afterAll(() => tf.engine().reset());
      tests();
    });
  }
}
