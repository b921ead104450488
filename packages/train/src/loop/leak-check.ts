import { currentNameScope, shadow } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';

/** After so many steps in a row that each left tensors behind, the next one is watched. */
const SUSPICIOUS = 3;

/** A tensor that was made during the watched step. */
interface Made {
  readonly tensor: tf.Tensor;
  /** The kernel, or `tensor` for values from the program. */
  readonly operation: string;
  /** Where, as far as layers say so. */
  readonly layer: string;
  readonly line: string;
}

/**
 * Finds tensors that each step leaves behind. As long as there are none it only
 * compares two numbers; otherwise one step is watched, and what it made and is
 * still there a step later is reported with its operation, layer and line.
 */
export class LeakCheck {
  private before: number | undefined;
  private growing = 0;
  private made: Made[] = [];
  private stopWatching: (() => void) | undefined;
  private stage: 'counting' | 'watching' | 'confirming' | 'reported' = 'counting';

  /** @param report is told once at most */
  constructor(private readonly report: (message: string) => void) {}

  /** To be called at the same point of every step. */
  afterStep(): void {
    const now = tf.engine().state.numTensors;
    const growth = this.before === undefined ? 0 : now - this.before;
    this.before = now;
    if (this.stage === 'counting') {
      this.growing = growth > 0 ? this.growing + 1 : 0;
      if (this.growing >= SUSPICIOUS) this.watch();
    } else if (this.stage === 'watching') {
      this.stop();
      this.stage = 'confirming';
    } else if (this.stage === 'confirming') {
      const left = this.made.filter(({ tensor }) => !tensor.isDisposed);
      this.made = [];
      this.stage = 'reported';
      this.report(leakMessage(growth, left));
    }
  }

  /** Ends the watch if one is on. */
  stop(): void {
    this.stopWatching?.();
    this.stopWatching = undefined;
  }

  private watch(): void {
    this.stage = 'watching';
    const engine = tf.engine();
    const { runKernel, makeTensor } = engine;
    const note = (operation: string, outputs: tf.Tensor | tf.Tensor[]): void => {
      const layer = currentNameScope();
      const line = callersLine();
      for (const tensor of [outputs].flat()) this.made.push({ tensor, operation, layer, line });
    };
    const undo = [
      shadow(engine, 'runKernel', (<T extends tf.Tensor | tf.Tensor[]>(
        ...args: Parameters<typeof runKernel>
      ): T => {
        const outputs: T = runKernel.apply(engine, args) as T;
        note(args[0], outputs);
        return outputs;
      }) as typeof runKernel),
      shadow(engine, 'makeTensor', (...args) => {
        const tensor = makeTensor.apply(engine, args);
        note('tensor', tensor);
        return tensor;
      }),
    ];
    this.stopWatching = () => {
      for (const each of undo) each();
    };
  }
}

function leakMessage(growth: number, left: readonly Made[]): string {
  const counts = new Map<string, number>();
  for (const { operation, layer, line, tensor } of left) {
    const where = `${layer === '' ? '' : ` in '${layer}'`}${line === '' ? '' : ` ${line}`}`;
    const what = `${operation} of shape [${tensor.shape}]${where}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  const lines = [...counts].map(([what, count]) => `  ${count > 1 ? `${count} x ` : ''}${what}`);
  return (
    `Every training step leaves ${growth > 0 ? growth : 'some'} tensors in memory. Dispose of them, or make them ` +
    `inside of tf.tidy:\n${lines.join('\n') || '  (not made by operations of this step)'}`
  );
}

/** The line of the program that called tfjs: the first that is neither of tfjs nor of this file. */
function callersLine(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 40; // tfjs's own frames are many
  const lines = (new Error().stack ?? '').split('\n').slice(1);
  Error.stackTraceLimit = limit;
  const own = lines.find((line) => !/tfjs|tf-core|leak-check\.[jt]s|node:|<anonymous>/.test(line));
  return own?.trim() ?? '';
}
