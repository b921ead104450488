import { type Compiled, compile, inspect, RefusedError } from '@ae/function';
import { withStep } from '@ae/random';
import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradients } from '../gradients.js';
import type { VariableSource } from '../variables.js';
import { type Batch, batchSizeOf } from './batches.js';
import { locateError } from './locate-error.js';
import { firstNonFinite, gradientSums, NonFiniteError } from './non-finite.js';
import type { FitOptions } from './options.js';
import { readScalars } from './read-scalars.js';
import type { StepResult } from './step.js';
import { computeLoss, seedOfPart } from './step-context.js';

/** Where a run stands. */
interface Position {
  readonly seed: number;
  readonly step: number;
  readonly epoch: number;
}

/** What the program of a step gives. */
interface Outputs {
  readonly scalars: Record<string, tf.Tensor>;
  /** Of the variables that it changed. */
  readonly paths: readonly string[];
}

/** Without more kinds of batches than these, tracing costs less than it saves. */
const MOST_TRACES = 16;

/**
 * Training steps as one program each: loss, gradients, clipping, the check that all is finite, and
 * the optimizer's update.
 */
export class CompiledStep<M extends VariableSource, B extends Batch> {
  private at: Position = { seed: 0, step: 0, epoch: 0 };
  private traces = 0;
  private gaveUp = false;
  private readonly program: Compiled<void, [batch: B, grouping: string], Outputs>;

  private constructor(
    private readonly options: FitOptions<M, B>,
    private readonly isRequired: boolean,
  ) {
    this.program = compile((batch: B, _grouping: string) => this.step(batch), {
      name: 'training step',
      maxTraces: MOST_TRACES,
      strict: isRequired,
    });
  }

  /** Undefined where steps are not compiled: it is not wanted, not possible, or not faster. */
  static for<M extends VariableSource, B extends Batch>(
    options: FitOptions<M, B>,
  ): CompiledStep<M, B> | undefined {
    const { compile: wanted = hasPrograms(), accumulate = 1, callbacks = [] } = options;
    const seesGradients = callbacks.some(({ onGradients }) => onGradients !== undefined);
    if (!wanted || accumulate > 1 || seesGradients) return undefined;
    return new CompiledStep(options, options.compile === true);
  }

  /**
   * Takes a step.
   *
   * @returns undefined if the step has to be computed eagerly; nothing has changed then
   * @throws NonFiniteError before anything was changed
   */
  async take(batch: B, at: Position): Promise<(StepResult & { learningRate: number }) | undefined> {
    if (this.gaveUp) return undefined;
    const { optimizer } = this.options;
    const { seed, step, epoch } = at;
    this.at = { seed, step, epoch };
    const outputs = this.run(batch);
    if (outputs === undefined) return undefined;
    const { learningRate } = optimizer;
    optimizer.count(outputs.paths);
    const { loss = Number.NaN, ...metrics } = await readScalars(outputs.scalars);
    const examples = batchSizeOf(batch);
    return { gradients: new Map(), loss, metrics, examples, batches: 1, learningRate };
  }

  dispose(): void {
    this.program.dispose();
  }

  private run(batch: B): Outputs | undefined {
    const { seed, step } = this.at;
    try {
      // Layers look up the seeds of their noise in the present step.
      return withStep(seedOfPart(seed, true, 0), step, () =>
        this.program(batch, this.options.optimizer.grouping),
      );
    } catch (error) {
      if (this.isRequired || !(error instanceof RefusedError)) {
        throw locateError(error, this.options.model);
      }
      this.giveUp(error.message);
      return undefined;
    }
  }

  private giveUp(reason: string): void {
    this.gaveUp = true;
    console.warn(`fit runs the steps eagerly: ${reason} With \`compile: false\` it does not try.`);
  }

  /** What the program is traced from. */
  private step(batch: B): Outputs {
    const { model, loss, optimizer } = this.options;
    const self = this;
    const position = {
      seed: this.at.seed,
      part: 0,
      training: true,
      get step() {
        return self.at.step;
      },
      get epoch() {
        return self.at.epoch;
      },
    };
    const result = valueAndGradients(() => computeLoss(loss, model, batch, position), model);
    const paths = [...result.gradients.keys()];
    const checked = tf.concat([gradientSums(result.gradients), tf.reshape(result.value, [1])]);
    inspect(checked, (values) => {
      const path = firstNonFinite(paths, values);
      const value = values[paths.length]!;
      if (path !== undefined || !Number.isFinite(value)) {
        throw new NonFiniteError(this.at.step, value, path);
      }
    });
    optimizer.updateVariables(result.gradients, model);
    this.traces++;
    if (this.traces > MOST_TRACES && !this.isRequired && !this.gaveUp) {
      this.giveUp(`${this.traces} batches had shapes of their own.`);
    }
    return { paths, scalars: { ...result.auxiliary, loss: result.value } };
  }
}

/** Whether the backend runs whole programs, which is what makes compiling worth while. */
function hasPrograms(): boolean {
  return 'compileProgram' in tf.backend();
}
