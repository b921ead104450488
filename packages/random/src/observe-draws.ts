/** Follows the random numbers that are drawn while a function is traced into a program. */
export interface DrawObserver {
  /** `values` have just been filled with random numbers, which belong to this moment only. */
  drawn(values: Float32Array): void;
  /** Numbers that are to be drawn anew each time the program runs; gives a tensor of them. */
  live(shape: readonly number[], draw: () => Float32Array): unknown;
}

let observer: DrawObserver | undefined;

/** Runs `body` while `next` follows what is drawn. */
export function observeDraws<Result>(next: DrawObserver, body: () => Result): Result {
  const outer = observer;
  observer = next;
  try {
    return body();
  } finally {
    observer = outer;
  }
}

/** Tells the observer of numbers that were drawn. */
export function noteDrawn(values: Float32Array): Float32Array {
  observer?.drawn(values);
  return values;
}

/**
 * A tensor of random numbers that stay random when the function around it is compiled: `draw`, which
 * looks up its seed itself, is then called for each run of the program.
 *
 *   drawTensor(shape, () => fillNormal(seedNow(), new Float32Array(size)), (values) => tf.tensor(values, shape));
 *
 * @param make makes the tensor where nothing is compiled
 */
export function drawTensor<T>(
  shape: readonly number[],
  draw: () => Float32Array,
  make: (values: Float32Array) => T,
): T {
  return observer === undefined ? make(draw()) : (observer.live(shape, draw) as T);
}
