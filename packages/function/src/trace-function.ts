import { Tensor } from '@tensorflow/tfjs-core';
import { tracedEngine } from './engine.js';
import { refused } from './errors.js';
import type { ValueId } from './graph.js';
import { optimize } from './optimize.js';
import type { RandomState } from './random-state.js';
import { Recorder } from './recorder.js';
import type { Signature } from './signature.js';
import { mapLeaves } from './structure.js';
import { ResultSlot, Trace } from './trace.js';

/** What tracing a call gives. */
export interface Traced {
  /** The result of the call. */
  readonly result: unknown;
  /** The program for the next calls; absent when there cannot be one. */
  readonly trace?: Trace;
  /** Why there is none. */
  readonly problem?: string;
  /** Whether variables were created, so that the next call is to be traced once more. */
  readonly creates: boolean;
}

/** The call to trace. */
export interface TracedCall {
  readonly name: string;
  readonly fn: (...args: unknown[]) => unknown;
  readonly args: readonly unknown[];
  readonly signature: Signature;
  readonly random: RandomState;
  /** Whether variables may be created. */
  readonly mayCreate: boolean;
  /** Whether to throw when there cannot be a program. */
  readonly strict: boolean;
}

/**
 * Runs a function and makes a program of what it does.
 *
 * @throws RefusedError and whatever the function throws; variables then have the values from before
 */
export function traceFunction(call: TracedCall): Traced {
  const engine = tracedEngine();
  const { fn, name } = call;
  const { handles, own } = ownArguments(call);
  const recorder = new Recorder(name, call.random);
  handles.forEach((handle, index) => {
    recorder.argument(handle, index);
  });
  engine.startScope(name);
  let kept: Tensor[] = [];
  let traced = false;
  try {
    const result = recorder.follow(() => {
      const value = fn(...own);
      if (isPromise(value)) refusePromise(name, value);
      return value;
    });
    if (recorder.created.size > 0 && !call.mayCreate) refuseVariables(name, recorder);
    const outcome = finish(call, recorder, result);
    kept = outcome.tensors;
    traced = true;
    return outcome;
  } finally {
    recorder.finish(!traced);
    if (!traced) recorder.releaseConstants();
    engine.endScope(kept);
    for (const handle of handles) handle.dispose();
  }
}

/**
 * The arguments with tensors of their own (the handles, to be made before the recorder): one that is
 * passed twice must not be taken for one.
 */
export function ownArguments({ args, signature }: TracedCall): {
  handles: Tensor[];
  own: unknown[];
} {
  const handles = signature.tensors.map((tensor) => tensor.clone());
  let next = 0;
  const isArgument = new Set<unknown>(signature.tensors);
  const own = args.map((arg) =>
    mapLeaves(arg, (leaf) => (isArgument.has(leaf) ? handles[next++] : leaf)),
  );
  return { handles, own };
}

function finish(
  { name, signature, strict }: TracedCall,
  recorder: Recorder,
  result: unknown,
): Traced & { tensors: Tensor[] } {
  const values: ValueId[] = [];
  const tensors: Tensor[] = [];
  const slots = new Map<unknown, ResultSlot>();
  const template = mapLeaves(result, (leaf) => {
    if (!(leaf instanceof Tensor)) return leaf;
    let slot = slots.get(leaf);
    if (slot === undefined) {
      slot = new ResultSlot(values.length, leaf.kept);
      slots.set(leaf, slot);
      values.push(recorder.resolve(leaf));
      tensors.push(recorder.isOwn(leaf) ? leaf : leaf.clone());
    }
    return slot;
  });
  const value = mapLeaves(template, (leaf) =>
    leaf instanceof ResultSlot ? tensors[leaf.index] : leaf,
  );
  const { problem } = recorder;
  if (problem !== undefined && strict) throw new Error(noProgram(name, problem));
  const creates = recorder.created.size > 0;
  if (problem !== undefined || creates) {
    recorder.releaseConstants();
    return { result: value, tensors, creates, ...(problem === undefined ? {} : { problem }) };
  }
  const graph = optimize(recorder.graph(values));
  const frozen = recorder.frozenRandom.find((random) =>
    graph.sources.some((source) => source.value === random.value),
  );
  if (frozen !== undefined) throw frozen.error;
  recorder.releaseConstants(graph.sources);
  const trace = new Trace({ name, signature: signature.key, graph, result: template });
  return { result: value, tensors, creates, trace };
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

function refusePromise(name: string, promise: PromiseLike<unknown>): never {
  // Nobody will await it; what it throws follows from the same mistake.
  promise.then(undefined, () => {});
  throw refused(
    name,
    'is asynchronous: it returns a promise',
    'What runs after an await cannot be traced. Compile the synchronous part of it.',
  );
}

function refuseVariables(name: string, { created }: Recorder): never {
  const names = [...created].map((variable) => `'${variable.name}'`).join(', ');
  for (const variable of created) variable.dispose();
  throw refused(
    name,
    `creates variables (${names}) after its first call`,
    'A program has one set of variables. Create them in the constructor, or on the first call only (if they are undefined).',
  );
}

export function noProgram(name: string, problem: string): string {
  return `The compiled function '${name}' cannot become a program: ${problem}.`;
}
