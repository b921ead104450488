import { runWithGradients } from './differentiate.js';
import { isTapeOn, tracedEngine } from './engine.js';
import { isKernelError } from './errors.js';
import { checkInputSignature, type TensorSpec } from './input-signature.js';
import type { RandomState } from './random-state.js';
import { activeRecorder } from './recorder.js';
import { RetraceWarning } from './retrace-warning.js';
import { identityOf, type Signature, signatureOf } from './signature.js';
import type { Trace } from './trace.js';
import { noProgram, traceFunction } from './trace-function.js';
import { type GradientTrace, traceGradients } from './trace-gradients.js';

/** How a function is to be compiled. */
export interface CompileOptions {
  /** For messages and prints; the function's own name if it is not given. */
  readonly name?: string;
  /** What each argument must be; all must be tensors. Sizes of `null` are free. */
  readonly inputSignature?: readonly TensorSpec[];
  /** How many traces are kept (32). */
  readonly maxTraces?: number;
  /** Of the random operations inside (0). */
  readonly seed?: number;
  /** Throw where a function cannot become a program, instead of running it eagerly (`false`). */
  readonly strict?: boolean;
}

/** A compiled function: called as the original is. */
export interface Compiled<This, Args extends unknown[], Result> {
  (this: This, ...args: Args): Result;
  /** The function that was compiled. */
  readonly original: (this: This, ...args: Args) => Result;
  /** The traces that are kept, oldest first. */
  readonly traces: readonly Trace[];
  /** Calls so far. Random operations depend on it and the seed: setting it back repeats their numbers. */
  calls: number;
  /** Frees all traces. The function may be called again, and is traced anew then. */
  dispose(): void;
}

/** What is known of a signature: a program, or why there is none. */
interface Entry {
  readonly trace?: Trace;
  readonly problem?: string;
  readonly signature: Signature;
  lastUse: number;
}

let eagerly = false;

/** Whether no function is being traced: `tf.executing_eagerly` of TensorFlow 2. */
export function executingEagerly(): boolean {
  return activeRecorder() === undefined;
}

/** With `true`, compiled functions run as if they were not compiled, for debugging. */
export function runEagerly(eager: boolean): void {
  eagerly = eager;
}

/**
 * Makes a function run as one program: it is traced once for each kind of arguments, and replayed
 * after that, as `tf.function` does.
 *
 * @param fn of tensors, or anything else that tells the calls apart; must be synchronous
 */
export function compile<This, Args extends unknown[], Result>(
  fn: (this: This, ...args: Args) => Result,
  options: CompileOptions = {},
): Compiled<This, Args, Result> {
  const cache = new TraceCache(options.name ?? (fn.name || 'anonymous'), options);
  const compiled = function (this: This, ...args: Args): Result {
    return cache.call(fn as (...args: unknown[]) => unknown, this, args) as Result;
  };
  return Object.defineProperties(compiled, {
    name: { value: cache.name, configurable: true },
    original: { value: fn },
    traces: { get: () => cache.traces },
    calls: {
      get: () => cache.random.calls,
      set: (calls: number) => {
        cache.random.calls = calls;
      },
    },
    dispose: { value: () => cache.dispose() },
  }) as Compiled<This, Args, Result>;
}

class TraceCache {
  readonly random: RandomState;
  private readonly entries = new Map<string, Entry>();
  /** Calls through which gradients went: met once, with programs, or without for good. */
  private readonly gradients = new Map<string, 'seen' | 'eager' | GradientTrace>();
  private readonly warning: RetraceWarning;
  private readonly maxTraces: number;
  private uses = 0;
  private hasTraced = false;
  private hasNotified = false;

  constructor(
    readonly name: string,
    private readonly options: CompileOptions,
  ) {
    this.random = { seed: options.seed ?? 0, calls: 0 };
    this.maxTraces = options.maxTraces ?? 32;
    if (!(this.maxTraces >= 1)) {
      throw new RangeError(`maxTraces must be at least 1, not ${options.maxTraces}`);
    }
    this.warning = new RetraceWarning(name);
  }

  get traces(): Trace[] {
    return [...this.entries.values()].flatMap(({ trace }) => trace ?? []);
  }

  call(fn: (...args: unknown[]) => unknown, owner: unknown, args: readonly unknown[]): unknown {
    const { inputSignature } = this.options;
    if (inputSignature !== undefined) checkInputSignature(this.name, inputSignature, args);
    const engine = tracedEngine();
    if (eagerly || !executingEagerly()) return fn.apply(owner, [...args]);
    if (isTapeOn(engine)) return this.callWithGradients(fn, owner, args);
    const signature = signatureOf(owner, args);
    const key = `${identityOf(engine.backend)} ${signature.key}`;
    const entry = this.entries.get(key);
    if (entry?.trace?.isCurrent()) {
      this.warning.replayed();
      entry.lastUse = ++this.uses;
      try {
        const result = entry.trace.run(signature.tensors);
        this.random.calls++;
        return result;
      } catch (error) {
        // No variable has been assigned yet, so that the call can be done in another way.
        if (!isKernelError(error) || this.options.strict) throw error;
        this.keep(key, { signature, lastUse: this.uses, problem: error.message });
        this.notify(error.message);
        return fn.apply(owner, [...args]);
      }
    }
    if (entry?.problem !== undefined) return fn.apply(owner, [...args]);
    return this.trace(key, signature, (...own) => fn.apply(owner, own), args);
  }

  dispose(): void {
    for (const { trace } of this.entries.values()) trace?.dispose();
    this.entries.clear();
    this.disposeGradients();
  }

  /** While gradients are taken: eagerly at first, then by a program for each direction. */
  private callWithGradients(
    fn: (...args: unknown[]) => unknown,
    owner: unknown,
    args: readonly unknown[],
  ): unknown {
    const engine = tracedEngine();
    const eager = (): unknown => fn.apply(owner, [...args]);
    // Programs have no gradients of second order.
    if (engine.state.gradientDepth > 1) return eager();
    const signature = signatureOf(owner, args);
    const key = `${identityOf(engine.backend)} ${signature.key}`;
    const known = this.gradients.get(key);
    if (known === undefined) {
      if (this.gradients.size >= this.maxTraces) this.disposeGradients();
      this.gradients.set(key, 'seen');
      return eager();
    }
    if (known === 'eager') return eager();
    let traces = known;
    if (traces === 'seen' || !traces.forward.isCurrent()) {
      if (traces !== 'seen') disposeTraces(traces);
      const own = (...all: unknown[]): unknown => fn.apply(owner, all);
      const found = this.traceGradients(own, args, signature);
      this.gradients.set(key, found ?? 'eager');
      if (found === undefined) return eager();
      traces = found;
    }
    const result = runWithGradients(traces, signature.tensors);
    this.random.calls++;
    return result;
  }

  private traceGradients(
    fn: (...args: unknown[]) => unknown,
    args: readonly unknown[],
    signature: Signature,
  ): GradientTrace | undefined {
    const { name, random } = this;
    try {
      return traceGradients({ name, fn, args, signature, random, mayCreate: false, strict: false });
    } catch {
      // What a program cannot hold is allowed while it runs eagerly, and gradients that nobody asks
      // for may be impossible. An error of the function itself comes again.
      return undefined;
    }
  }

  private disposeGradients(): void {
    for (const traces of this.gradients.values()) {
      if (typeof traces !== 'string') disposeTraces(traces);
    }
    this.gradients.clear();
  }

  private trace(
    key: string,
    signature: Signature,
    fn: (...args: unknown[]) => unknown,
    args: readonly unknown[],
  ): unknown {
    const { name, random, hasTraced, options } = this;
    if (options.inputSignature === undefined) {
      this.warning.traced(
        signature,
        [...this.entries.values()].map((entry) => entry.signature),
      );
    }
    const { result, trace, problem, creates } = traceFunction({
      name,
      fn,
      args,
      signature,
      random,
      mayCreate: !hasTraced,
      strict: options.strict ?? false,
    });
    this.hasTraced = true;
    random.calls++;
    if (problem !== undefined) this.notify(problem);
    if (!creates || problem !== undefined) {
      this.keep(key, {
        signature,
        lastUse: ++this.uses,
        ...(trace === undefined ? {} : { trace }),
        ...(problem === undefined ? {} : { problem }),
      });
    }
    return result;
  }

  private keep(key: string, entry: Entry): void {
    this.entries.get(key)?.trace?.dispose();
    this.entries.set(key, entry);
    if (this.entries.size <= this.maxTraces) return;
    const [oldest] = [...this.entries].sort(([, a], [, b]) => a.lastUse - b.lastUse)[0]!;
    this.entries.get(oldest)!.trace?.dispose();
    this.entries.delete(oldest);
  }

  private notify(problem: string): void {
    if (this.hasNotified) return;
    this.hasNotified = true;
    console.warn(`${noProgram(this.name, problem)} It runs eagerly instead.`);
  }
}

function disposeTraces({ forward, backward }: GradientTrace): void {
  forward.dispose();
  backward.dispose();
}
