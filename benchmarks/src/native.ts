import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Case } from './case.js';
import { type Result, resultOf } from './result.js';

const SCRIPTS = ['step_tensorflow.py', 'step_torch.py'];
const THREADS = [1, 2];

/** What a script prints on its last line. */
type Printed = { variant: string; ms: number }[];

/** A case that is a training step, in TensorFlow 2 and PyTorch; nothing for other cases. */
export function measureNative(python: string, test: Case, rounds: number): Result[] {
  const { nativeModel } = test;
  if (nativeModel === undefined) return [];
  return SCRIPTS.flatMap((script) =>
    THREADS.flatMap((threads) => {
      const path = fileURLToPath(new URL(`../native/${script}`, import.meta.url));
      const parameters = [nativeModel, String(threads), String(rounds)];
      const { error, status, stdout, stderr } = spawnSync(python, ['-B', path, ...parameters], {
        encoding: 'utf8',
      });
      if (status !== 0) {
        process.stderr.write(`${script} ${parameters.join(' ')} failed:\n${error ?? stderr}\n`);
        return [];
      }
      const printed = JSON.parse(stdout.trim().split('\n').at(-1)!) as Printed;
      return printed.map(({ variant, ms }) => resultOf(test, variant, ms));
    }),
  );
}
