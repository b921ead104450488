/** A process that holds one variant and measures what it is asked for: `process.js OPTIONS`. */
import type { Prepared } from './case.js';
import { CASES } from './cases.js';
import type { Answer, ProcessOptions, Request } from './messages.js';
import { startEngine } from './variants.js';

/** One sample takes about so long, or one run if that is longer. */
const SAMPLE_MS = 30;
/** Runs before the first sample, for the engine's compilers, unless they take longer than this. */
const WARM_UP_MS = 400;

const options = JSON.parse(process.argv[2]!) as ProcessOptions;
let prepared: Prepared | undefined;
let runsPerSample = 1;

async function time(runs: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < runs; i++) {
    const pending = prepared!.run();
    if (pending) await pending;
  }
  return (performance.now() - start) / runs;
}

function send(answer: Answer): void {
  process.send!(answer);
}

try {
  const engine = await startEngine(options.variant, options.relaxedSimd);
  const answer = async (request: Request): Promise<number> => {
    switch (request.kind) {
      case 'prepare': {
        prepared = engine.prepare(CASES.find(({ name }) => name === request.name)!);
        const start = performance.now();
        let best = await time(1);
        while (performance.now() - start < WARM_UP_MS) best = Math.min(best, await time(1));
        runsPerSample = Math.max(1, Math.min(1000, Math.round(SAMPLE_MS / best)));
        return best;
      }
      case 'measure':
        return time(runsPerSample);
      case 'finish':
        await prepared?.dispose();
        prepared = undefined;
        return 0;
      case 'peak':
        return engine.peak!();
    }
  };
  process.on('message', (request: Request) => {
    answer(request).then(
      (value) => send({ kind: 'done', value }),
      (error: unknown) => send({ kind: 'failed', message: String(error) }),
    );
  });
  send({ kind: 'started', description: engine.description });
} catch (error) {
  send({ kind: 'failed', message: String(error) });
}
