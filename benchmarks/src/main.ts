import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import type { Variant } from './case.js';
import { casesOnly } from './cases.js';
import { Child } from './child.js';
import { measure } from './measure.js';
import { measureNative } from './native.js';
import { type Options, readOptions, USAGE } from './options.js';
import { table } from './report.js';
import { median, type Result } from './result.js';

async function startChildren(options: Options): Promise<Map<Variant, Child>> {
  const children = new Map<Variant, Child>();
  for (const variant of options.variants) {
    const { relaxedSimd } = options;
    const child = await Child.start({ variant, relaxedSimd });
    children.set(variant, child);
    console.log(`  ${variant.padEnd(15)} ${child.description}`);
  }
  return children;
}

async function main(options: Options): Promise<void> {
  const cases = casesOnly(options.only);
  console.log(`Node ${process.version}, ${cpus()[0]?.model}, ${availableParallelism()} cores`);
  const children = await startChildren(options);
  const results: Result[] = [];
  const peaks: number[] = [];
  try {
    for (const test of cases) {
      process.stderr.write(`${test.name} ...\n`);
      results.push(...(await measure(test, children, options.rounds, peaks)));
      if (options.python !== undefined) {
        results.push(...measureNative(options.python, test, options.rounds));
      }
    }
  } finally {
    for (const child of children.values()) child.stop();
  }
  const peak = median(peaks);
  const finished = results.map((r) => ({
    ...r,
    ofPeak: r.gflops === null ? null : r.gflops / peak,
  }));
  console.log(`\nPeak of the innermost loop, one thread: ${peak.toFixed(1)} GFLOP/s\n`);
  console.log(table(finished));
  if (options.json === undefined) return;
  // A thousand million operations at that speed.
  const head = { name: 'peak', variant: 'ours-1', ms: 1e3 / peak, gflops: peak, ofPeak: 1 };
  writeFileSync(options.json, `${JSON.stringify([head, ...finished], null, 2)}\n`);
}

try {
  if (process.argv.includes('--help')) console.log(USAGE);
  else await main(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error((error as Error).message);
  console.error(`\n${USAGE}`);
  process.exitCode = 2;
}
