import { type DrawObserver, observeDraws } from '@ae/random';
import type {
  NamedAttrMap,
  NamedTensorMap,
  Scalar,
  Tensor,
  TypedArray,
  Variable,
} from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { KernelCall, TensorValues, TracedEngine } from './engine.js';
import { releaseData, tracedEngine } from './engine.js';
import type { RefusedError } from './errors.js';
import { refused } from './errors.js';
import type { Graph, Operands, Operation, Source, ValueId, ValueType } from './graph.js';
import { operandsOf } from './graph.js';
import { type Hooks, withHooks } from './hooks.js';
import { isLive } from './live-attributes.js';
import { drawRandom, type RandomState, seedOf } from './random-state.js';
import { frozenRandomOp, liveRandomOp, UNTRACEABLE_KERNELS } from './special-operations.js';

/** Elements that an operation on constants may add to what a program holds. */
const LARGEST_FOLDED = 1024;

let active: Recorder | undefined;

/** The recorder of the trace that is going on, if one is. */
export function activeRecorder(): Recorder | undefined {
  return active;
}

/** Random numbers that JavaScript made while tracing. */
export interface FrozenRandom {
  readonly value: ValueId;
  readonly error: RefusedError;
}

/**
 * Follows one eager run of a function: every kernel call, every tensor made of JavaScript values,
 * every variable that is read, assigned or created.
 */
export class Recorder {
  readonly values: ValueType[] = [];
  readonly sources: Source[] = [];
  readonly operations: Operation[] = [];
  readonly created: Set<Variable> = new Set();
  readonly frozenRandom: FrozenRandom[] = [];
  /** Why no program can be made of this run, when none can. */
  problem: string | undefined;

  private readonly engine: TracedEngine = tracedEngine();
  private readonly backend = this.engine.backend;
  private readonly firstTensorId = this.engine.nextTensorId();
  private readonly ids = new Map<number, ValueId>();
  private readonly current = new Map<Variable, ValueId>();
  private readonly before = new Map<Variable, Tensor>();
  private readonly constants = new Set<ValueId>();
  private readonly literals = new Map<string, ValueId>();
  private readonly clones: { clone: Tensor; of: Tensor }[] = [];
  /** Arrays that hold random numbers. */
  private readonly drawn = new WeakSet<object>();
  private readonly scopes: (string | undefined)[] = [];
  private refusal: RefusedError | undefined;
  private kernelDepth = 0;
  private randomStreams = 0;

  constructor(
    private readonly functionName: string,
    private readonly randomState: RandomState,
  ) {}

  /**
   * Runs `body` and records it.
   *
   * @throws RefusedError when it did something that no program can mean, even if it caught the error
   */
  follow<Result>(body: () => Result): Result {
    active = this;
    const observer: DrawObserver = {
      drawn: (values) => {
        if (this.kernelDepth === 0) this.drawn.add(values);
      },
      live: (shape, draw) => this.random('Random', [...shape], draw),
    };
    try {
      const result = observeDraws(observer, () => withHooks(this.engine, this.hooks(), body));
      if (this.refusal !== undefined) throw this.refusal;
      if (this.engine.backend !== this.backend) this.problem ??= 'it changes the backend';
      return result;
    } finally {
      active = undefined;
    }
  }

  /** Gives up making a program; not within what JavaScript does at each call anyway. */
  leave(reason: string): void {
    if (this.kernelDepth === 0) this.problem ??= reason;
  }

  /** Declares `tensor` the argument number `index`. */
  argument(tensor: Tensor, index: number): void {
    const value = this.define(tensor);
    this.sources.push({ kind: 'argument', index, value });
  }

  /** The value that a tensor or variable has now. */
  resolve(tensor: Tensor): ValueId {
    if (tensor instanceof tf.Variable) return this.read(tensor);
    const known = this.ids.get(tensor.id);
    if (known !== undefined) return known;
    const value = this.define(tensor);
    if (this.isOwn(tensor)) this.problem ??= 'it uses a tensor that was made in an unknown way';
    else this.sources.push({ kind: 'captured', tensor, value });
    return value;
  }

  /** Whether the tensor was made during the trace, and is not a variable. */
  isOwn(tensor: Tensor): boolean {
    return tensor.id > this.firstTensorId && !(tensor instanceof tf.Variable);
  }

  /** Records numbers that are drawn at each call, and gives those of this call. */
  random(kernel: string, shape: number[], draw: () => Float32Array): Tensor {
    const host = (): Float32Array => this.unrecorded(draw);
    const tensor = this.unrecorded(() => this.engine.makeTensor(draw(), shape, 'float32'));
    const outputs = [this.define(tensor)];
    this.operations.push({ kernel, inputs: [], attrs: { shape }, outputs, host });
    return tensor;
  }

  /** Records that JavaScript is given a tensor's values, and gives them now. */
  inspect(tensor: Tensor, use: (values: TypedArray) => void): void {
    const x = this.resolve(tensor);
    const host = ([values]: readonly TypedArray[]): undefined => void use(values!);
    this.unrecorded(() => use(tensor.dataSync()));
    this.operations.push({ kernel: 'Inspect', inputs: { x }, attrs: undefined, outputs: [], host });
  }

  /** Records a scalar that JavaScript is asked for at each call. */
  host(read: () => number): Scalar {
    const tensor = this.unrecorded(() => tf.scalar(read(), 'float32'));
    this.sources.push({ kind: 'host', read, value: this.define(tensor) });
    return tensor;
  }

  /** What was recorded, with these results. */
  graph(results: readonly ValueId[]): Graph {
    const { values, sources, operations } = this;
    const assignments = [...this.before.keys()]
      .filter((variable) => !variable.isDisposed)
      .map((variable) => ({ variable, value: this.current.get(variable)! }));
    return { values, sources, operations, results, assignments };
  }

  /** Ends the recording; with `undo`, variables get the values back that they had before it. */
  finish(undo: boolean): void {
    for (const [variable, value] of this.before) {
      if (undo && !variable.isDisposed) variable.assign(value);
      value.dispose();
    }
    this.before.clear();
  }

  /** The variables that have been read or assigned. */
  variables(): Iterable<Variable> {
    return this.current.keys();
  }

  /** Keeps the constants among these sources for one more program. */
  shareConstants(sources: readonly Source[]): void {
    for (const source of sources) {
      if (source.kind === 'constant') this.backend.incRef(source.dataId);
    }
  }

  /** Frees the constants, except those that a program will use. */
  releaseConstants(used: readonly Source[] = []): void {
    for (const source of this.sources) {
      if (source.kind === 'constant' && !used.includes(source)) {
        releaseData(source.dataId, this.backend);
      }
    }
  }

  private hooks(): Hooks {
    const { engine } = this;
    // The real methods, taken before they are hidden.
    const real = {
      startScope: engine.startScope,
      endScope: engine.endScope,
      runKernelFunc: engine.runKernelFunc,
      saveTensorsForBackwardMode: engine.saveTensorsForBackwardMode,
      makeTensor: engine.makeTensor,
      makeVariable: engine.makeVariable,
      disposeTensor: engine.disposeTensor,
      disposeVariable: engine.disposeVariable,
      readSync: engine.readSync,
      read: engine.read,
    };
    return {
      startScope: (name) => {
        this.scopes.push(name);
        real.startScope.call(engine, name);
      },
      endScope: (result) => {
        this.scopes.pop();
        real.endScope.call(engine, result);
      },
      runKernelFunc: (call) =>
        this.runKernel(call, (same) => real.runKernelFunc.call(engine, same)),
      saveTensorsForBackwardMode: (tensors) => {
        const saved = real.saveTensorsForBackwardMode.call(engine, tensors);
        saved.forEach((clone, i) => {
          this.clones.push({ clone, of: tensors[i]! });
        });
        return saved;
      },
      makeTensor: (values, shape, dtype, backend) => {
        const random = this.kernelDepth === 0 ? liveRandomOp(this.scopes) : undefined;
        if (random !== undefined) {
          const seed = this.nextSeed();
          return this.random(random, shape, () =>
            drawRandom(random, { shape, from: 0, to: 1 }, seed()),
          );
        }
        const tensor = real.makeTensor.call(engine, values, shape, dtype, backend);
        if (this.kernelDepth === 0) this.constant(tensor, values);
        return tensor;
      },
      makeVariable: (...args) => {
        const variable = real.makeVariable.apply(engine, args);
        this.created.add(variable);
        return variable;
      },
      disposeTensor: (tensor) => {
        if (this.kernelDepth === 0 && !this.isOwn(tensor)) this.refuseDispose();
        real.disposeTensor.call(engine, tensor);
      },
      disposeVariable: (variable) => {
        if (!this.created.has(variable)) this.refuseDispose();
        this.unrecorded(() => real.disposeVariable.call(engine, variable));
      },
      readSync: (dataId) => {
        if (this.kernelDepth === 0) throw this.refuseRead();
        return real.readSync.call(engine, dataId);
      },
      read: (dataId) => {
        if (this.kernelDepth > 0) return real.read.call(engine, dataId);
        this.refuseRead();
        // The error is thrown when the trace ends: a rejection that nobody awaits ends the process.
        return new Promise(() => {});
      },
      readToGPU: () => {
        throw this.refuseRead();
      },
      assign: (variable, value, assign) => this.assign(variable, value, assign),
    };
  }

  /** Runs something that is no part of the function: neither recorded nor refused. */
  unrecorded<Result>(body: () => Result): Result {
    this.kernelDepth++;
    try {
      return body();
    } finally {
      this.kernelDepth--;
    }
  }

  private runKernel(
    call: KernelCall,
    run: (call: KernelCall) => Tensor | Tensor[],
  ): Tensor | Tensor[] {
    const { kernelName, inputs, attrs } = call;
    // The forward part of a custom gradient calls kernels of its own, which are recorded.
    if (this.kernelDepth > 0 || kernelName === undefined) return run(call);
    const reason = UNTRACEABLE_KERNELS.get(kernelName);
    if (reason !== undefined) this.problem ??= `it uses ${kernelName}: ${reason}`;
    // Before the kernel runs: gradients may dispose of what they add up.
    const operands = this.operands(inputs);
    const liveAttrs = kernelName === 'Multinomial' ? this.multinomial(attrs) : attrs;
    const same = liveAttrs === undefined ? call : { ...call, attrs: liveAttrs };
    const outputs = this.unrecorded(() => run(same));
    const operation = {
      kernel: kernelName,
      inputs: operands,
      attrs: liveAttrs,
      outputs: [outputs].flat().map((tensor) => this.define(tensor)),
    };
    if (this.isConstant(operation)) this.fold([outputs].flat(), operation.outputs);
    else this.operations.push(operation);
    for (const { clone, of } of this.clones) this.ids.set(clone.id, this.resolve(of));
    this.clones.length = 0;
    return outputs;
  }

  /** Whether the operation gives the same at every call, and no more of it than it is given. */
  private isConstant(operation: Operation): boolean {
    const operands = operandsOf(operation);
    if (isLive(operation.attrs) || !operands.every((id) => this.constants.has(id))) return false;
    return this.sizeOf(operation.outputs) <= Math.max(this.sizeOf(operands), LARGEST_FOLDED);
  }

  /** Makes constants of what has just been computed. */
  private fold(tensors: readonly Tensor[], values: readonly ValueId[]): void {
    tensors.forEach(({ dataId }, i) => {
      this.addConstant(dataId, values[i]!);
    });
  }

  private addConstant(dataId: Tensor['dataId'], value: ValueId): void {
    this.backend.incRef(dataId);
    this.sources.push({ kind: 'constant', dataId, value });
    this.constants.add(value);
  }

  private sizeOf(ids: readonly ValueId[]): number {
    return ids.reduce((sum, id) => sum + tf.util.sizeFromShape(this.values[id]!.shape), 0);
  }

  private operands(inputs: NamedTensorMap): Operands {
    const resolve = (operand: Tensor | Tensor[] | undefined | null) =>
      Array.isArray(operand)
        ? operand.map((tensor) => this.resolve(tensor))
        : operand
          ? this.resolve(operand)
          : undefined;
    // Kernels of many tensors (Concat) take a list in the place of the map.
    if (Array.isArray(inputs)) return (inputs as Tensor[]).map((tensor) => this.resolve(tensor));
    return Object.fromEntries(
      Object.entries(inputs ?? {}).map(([name, operand]) => [name, resolve(operand)]),
    );
  }

  /** tfjs fixes the seed of a draw in JavaScript; here it is another one at each call. */
  private multinomial(attrs: NamedAttrMap | undefined): NamedAttrMap {
    const seed = this.nextSeed();
    return {
      ...attrs,
      get seed() {
        return seed();
      },
    };
  }

  /** The seed of another random operation; it differs from call to call. */
  nextSeed(): () => number {
    const stream = this.randomStreams++;
    return () => seedOf(this.randomState, stream);
  }

  private constant(tensor: Tensor, values: TensorValues): void {
    const op = frozenRandomOp(this.scopes);
    const random = op ?? (this.drawn.has(values) ? 'tensor' : undefined);
    const literal = random === undefined ? literalOf(tensor, values) : undefined;
    const known = literal === undefined ? undefined : this.literals.get(literal);
    if (known !== undefined) {
      this.ids.set(tensor.id, known);
      return;
    }
    const value = this.define(tensor);
    this.addConstant(tensor.dataId, value);
    if (literal !== undefined) this.literals.set(literal, value);
    if (random !== undefined) {
      const error = refused(
        this.functionName,
        `makes random numbers by tf.${random}, which would be the same at every call`,
        "Use randomNormal or randomUniform of '@ae/function', tf.dropout, drawTensor of '@ae/random', " +
          'or pass the numbers as an argument.',
      );
      this.frozenRandom.push({ value, error });
      // What is computed from it must still be traced back to it.
      this.constants.delete(value);
    }
  }

  private read(variable: Variable): ValueId {
    const known = this.current.get(variable);
    if (known !== undefined) return known;
    const value = this.addValue(variable);
    this.current.set(variable, value);
    this.sources.push({ kind: 'variable', variable, value });
    return value;
  }

  private assign(variable: Variable, value: Tensor, assign: () => void): void {
    const assigned = this.resolve(value);
    this.unrecorded(() => {
      if (!this.before.has(variable)) this.before.set(variable, tf.keep(variable.clone()));
      assign();
    });
    this.current.set(variable, assigned);
  }

  private define(tensor: Tensor): ValueId {
    const value = this.addValue(tensor);
    this.ids.set(tensor.id, value);
    return value;
  }

  private addValue({ dtype, shape }: Tensor): ValueId {
    return this.values.push({ dtype, shape: shape.slice() }) - 1;
  }

  private refuseRead(): RefusedError {
    this.refusal ??= refused(
      this.functionName,
      'reads the value of a tensor',
      'While a function is traced there is no value that holds for every call. Choose with tf.where, ' +
        'return the tensor and read it outside, or pass the number as an argument.',
    );
    return this.refusal;
  }

  private refuseDispose(): never {
    this.refusal ??= refused(
      this.functionName,
      'disposes of a tensor that it did not make',
      'Later calls need it again. Dispose of it outside, or keep state in a tf.Variable and assign to it.',
    );
    throw this.refusal;
  }
}

/** Tells small constants apart, so that the many equal ones that gradients make are kept once. */
function literalOf({ dtype, shape, size }: Tensor, values: TensorValues): string | undefined {
  if (size > 16) return undefined;
  const parts = Array.from(values as ArrayLike<unknown>, (value) =>
    Object.is(value, -0) ? '-0' : String(value),
  );
  return `${dtype}[${shape}]${parts.join('|')}`;
}
