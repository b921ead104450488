import type { Json } from '../checkpoint/json.js';
import type { OptimizerState } from '../optimizers/optimizer.js';
import type { EpochRecord, Evaluation } from './history.js';

/** Everything of a run but its tensors: the contents of `state.json`. */
export interface RunState {
  readonly step: number;
  readonly epoch: number;
  /** How many batches of the epoch were used: where the data goes on. */
  readonly batch: number;
  readonly seed: number;
  readonly epochs: readonly EpochRecord[];
  readonly validation: Evaluation | undefined;
  /** Sums and weights of the means over the present epoch. */
  readonly means: readonly (readonly [name: string, sum: number, weight: number])[];
  readonly optimizer: Omit<OptimizerState, 'slots'>;
  readonly callbacks: readonly (readonly [name: string, state: Json])[];
  /** What the program gave to build the model again. */
  readonly config: Json | undefined;
}

/** As JSON. The order of members is fixed, so equal states give equal bytes. */
export function encodeRunState(state: RunState): Json {
  // A run state holds nothing but what JSON has; its interfaces only lack an index signature.
  return { version: 1, ...state } as unknown as Json;
}

/** @throws Error when it is not a state of this version */
export function decodeRunState(json: Json): RunState {
  const state = json as unknown as RunState & { version: number };
  if (state?.version !== 1) {
    throw new Error(`state.json has the version ${state?.version}; this program reads version 1.`);
  }
  return state;
}
