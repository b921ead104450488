/**
 * A learning rate for each optimizer step, counted from 0. A schedule is a pure
 * function of the step, so a resumed run needs nothing but the step.
 */
export type Schedule = (step: number) => number;

/** A number is a constant schedule. */
export type LearningRate = number | Schedule;

/** The same learning rate at every step. */
export function constant(learningRate: number): Schedule {
  return () => learningRate;
}

/**
 * From `initial` down to `initial * alpha` along half a cosine over `steps` steps, then constant
 * (Loshchilov and Hutter, 2017; Keras's `CosineDecay`).
 */
export function cosine(options: { initial: number; steps: number; alpha?: number }): Schedule {
  const { initial, alpha = 0 } = options;
  const steps = positive('cosine', 'steps', options.steps);
  return (step) => {
    const part = (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps)) / 2;
    return initial * ((1 - alpha) * part + alpha);
  };
}

/**
 * `initial * rate ** (step / steps)`, with whole exponents when `staircase` is
 * set (Keras's `ExponentialDecay`).
 */
export function exponential(options: {
  initial: number;
  steps: number;
  rate: number;
  staircase?: boolean;
}): Schedule {
  const { initial, rate, staircase = false } = options;
  const steps = positive('exponential', 'steps', options.steps);
  return (step) => initial * rate ** (staircase ? Math.floor(step / steps) : step / steps);
}

/**
 * `values[i]` up to and including step `boundaries[i]`, then the last value
 * (Keras's `PiecewiseConstantDecay`).
 *
 * @param options.boundaries ascending steps, one fewer than `values`
 */
export function piecewise(options: {
  boundaries: readonly number[];
  values: readonly number[];
}): Schedule {
  const { boundaries, values } = options;
  if (values.length !== boundaries.length + 1) {
    throw new RangeError(
      `piecewise: ${boundaries.length} boundaries need ${boundaries.length + 1} values, not ${values.length}.`,
    );
  }
  if (boundaries.some((boundary, i) => i > 0 && boundary <= boundaries[i - 1]!)) {
    throw new RangeError(`piecewise: the boundaries must ascend, not ${boundaries.join(', ')}.`);
  }
  return (step) => {
    const index = boundaries.findIndex((boundary) => step <= boundary);
    return values[index === -1 ? values.length - 1 : index]!;
  };
}

/**
 * The one-cycle policy (Smith and Topin, 2018; PyTorch's `OneCycleLR` with cosine
 * annealing): up from `peak / divide` to `peak` in the first `warmUp` part of the
 * steps, then down to `peak / divide / finalDivide`.
 */
export function oneCycle(options: {
  peak: number;
  steps: number;
  warmUp?: number;
  divide?: number;
  finalDivide?: number;
}): Schedule {
  const { peak, warmUp = 0.3, divide = 25, finalDivide = 1e4 } = options;
  const steps = positive('oneCycle', 'steps', options.steps);
  if (!(warmUp > 0 && warmUp < 1)) {
    throw new RangeError(`oneCycle: warmUp must lie between 0 and 1, not ${warmUp}.`);
  }
  const between = (from: number, to: number, part: number): number =>
    to + ((from - to) * (1 + Math.cos(Math.PI * part))) / 2;
  const start = peak / divide;
  const top = warmUp * steps - 1;
  const last = steps - 1;
  return (step) => {
    if (step <= top) return between(start, peak, step / top);
    const part = last > top ? Math.min((step - top) / (last - top), 1) : 1;
    return between(peak, start / finalDivide, part);
  };
}

/**
 * Rises in equal parts from 0 to the first learning rate of `schedule` over
 * `steps` steps, then follows `schedule` from its beginning. Step 0 already
 * has one part, so no step is wasted.
 */
export function warmUp(steps: number, schedule: LearningRate): Schedule {
  positive('warmUp', 'steps', steps);
  const then = toSchedule(schedule);
  return (step) => (step < steps ? (then(0) * (step + 1)) / steps : then(step - steps));
}

/** The schedule that a number or schedule stands for. */
export function toSchedule(learningRate: LearningRate): Schedule {
  return typeof learningRate === 'number' ? constant(learningRate) : learningRate;
}

function positive(schedule: string, option: string, value: number): number {
  if (value > 0 && Number.isFinite(value)) return value;
  throw new RangeError(`${schedule}: ${option} must be a positive number, not ${value}.`);
}
