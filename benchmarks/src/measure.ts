import type { Case, Variant } from './case.js';
import type { Child } from './child.js';
import { median, type Result, resultOf } from './result.js';

/** A run that takes longer is measured once only. */
const SLOW_MS = 2000;

/**
 * Measures a case with every variant in turn, round after round, so that whatever else the machine
 * does meets all of them alike.
 *
 * @param peak collects measurements of the peak, taken between the rounds
 * @returns one result for each variant that can do it
 */
export async function measure(
  test: Case,
  children: ReadonlyMap<Variant, Child>,
  rounds: number,
  peak: number[],
): Promise<Result[]> {
  const samples = new Map<Variant, number[]>();
  for (const [variant, child] of children) {
    if (!isMeant(test, variant)) continue;
    try {
      const first = await child.ask({ kind: 'prepare', name: test.name });
      samples.set(variant, first > SLOW_MS ? [first] : []);
    } catch (error) {
      process.stderr.write(`${test.name} with ${variant}: ${(error as Error).message}\n`);
    }
  }
  for (let round = 0; round < rounds; round++) {
    peak.push(await children.get('ours-1')!.ask({ kind: 'peak' }));
    for (const [variant, times] of samples) {
      if (times[0]! > SLOW_MS) continue;
      times.push(await children.get(variant)!.ask({ kind: 'measure' }));
    }
  }
  const results: Result[] = [];
  for (const [variant, times] of samples) {
    await children.get(variant)!.ask({ kind: 'finish' });
    results.push(resultOf(test, variant, median(times)));
  }
  return results;
}

function isMeant(test: Case, variant: Variant): boolean {
  switch (variant) {
    case 'ours-1':
    case 'ours-2':
      return true;
    case 'ours-compiled-1':
    case 'ours-compiled-2':
      return test.compiled !== undefined;
    default:
      return test.peers.includes(variant);
  }
}
