import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Result } from './result.js';

const SCRIPTS = ['step_tensorflow.py', 'step_torch.py'];
const THREADS = [1, 2];

/** One training step of the auto-encoder in TensorFlow 2 and PyTorch. */
export function measureNative(python: string, name: string, flops: number): Result[] {
  return SCRIPTS.flatMap((script) =>
    THREADS.flatMap((threads) => {
      const path = fileURLToPath(new URL(`../native/${script}`, import.meta.url));
      const { status, stdout, stderr } = spawnSync(python, [path, String(threads)], {
        encoding: 'utf8',
      });
      if (status !== 0) {
        process.stderr.write(`${script} failed:\n${stderr}\n`);
        return [];
      }
      const { variant, ms } = JSON.parse(stdout.trim().split('\n').at(-1)!) as {
        variant: string;
        ms: number;
      };
      return [{ name, variant, ms, gflops: flops / ms / 1e6, ofPeak: null }];
    }),
  );
}
