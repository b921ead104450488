import type { Tensor, TensorInfo, Variable } from '@tensorflow/tfjs-core';
import type { BackendProgram, ProgramBackend, ProgramSource } from './backend-program.js';
import { adoptTensor, releaseData, tracedEngine } from './engine.js';
import type { Graph, Source } from './graph.js';
import { type MemoryUse, memoryUse } from './memory-plan.js';
import { printGraph } from './print.js';
import { constantData, Replay } from './replay.js';
import { mapLeaves } from './structure.js';

/** Stands for a tensor in the result of a traced function: its place among the results. */
export class ResultSlot {
  constructor(
    readonly index: number,
    /** Whether the function had marked it with `tf.keep`. */
    readonly kept: boolean,
  ) {}
}

/** What a trace is made of. */
export interface TraceParts {
  readonly name: string;
  readonly signature: string;
  readonly graph: Graph;
  /** The function's result with {@link ResultSlot}s for the tensors. */
  readonly result: unknown;
}

/** One traced signature of a compiled function, and the program that was made of it. */
export class Trace {
  /** The arguments that it is for. */
  readonly signature: string;
  /** The name of the backend that it runs on. */
  readonly backendName: string;
  /** What its computed values take. */
  readonly memory: MemoryUse;

  private readonly engine = tracedEngine();
  private readonly backend: ProgramBackend = this.engine.backend;
  private readonly inputs: readonly Source[];
  private readonly buffers: TensorInfo[];
  private readonly trainable: readonly { variable: Variable; was: boolean }[];
  private readonly program: BackendProgram;

  constructor(private readonly parts: TraceParts) {
    const { graph } = parts;
    this.signature = parts.signature;
    this.backendName = this.engine.backendName;
    this.memory = memoryUse(graph);
    const ofKind = (kind: Source['kind']) => graph.sources.filter((source) => source.kind === kind);
    const variables = ofKind('variable');
    const assignedOnly = graph.assignments
      .filter(({ variable }) => !variables.some((v) => 'variable' in v && v.variable === variable))
      .map(({ variable }): Source => ({ kind: 'variable', variable, value: -1 }));
    this.inputs = [
      ...ofKind('argument'),
      ...ofKind('captured'),
      ...ofKind('host'),
      ...variables,
      ...assignedOnly,
    ];
    this.buffers = new Array(this.inputs.length);
    this.trainable = [...variables, ...assignedOnly].flatMap((source) =>
      source.kind === 'variable'
        ? [{ variable: source.variable, was: source.variable.trainable }]
        : [],
    );
    this.program = this.compile();
  }

  /** The kernels that it calls, in order. */
  get operations(): string[] {
    return this.parts.graph.operations.map(({ kernel }) => kernel);
  }

  /** Bytes that it holds between calls: constants, and the arena on a backend that plans one. */
  get bytes(): number {
    return this.program.bytes;
  }

  /** Whether it still says what the function would do. */
  isCurrent(): boolean {
    return this.trainable.every(({ variable, was }) => variable.trainable === was);
  }

  /** Operations with shapes, then memory, then the steps of the backend's program. */
  toString(): string {
    return [
      ...printGraph(this.parts.name, this.signature, this.parts.graph),
      `memory: ${this.memory.computed} bytes are computed, at most ${this.memory.peak} at a time; ` +
        `${this.bytes} are held between calls`,
      ...this.program.describe(),
    ].join('\n');
  }

  /**
   * Runs the program.
   *
   * @throws Error when a captured tensor or a variable has been disposed of
   */
  run(args: readonly Tensor[]): unknown {
    const { backend, buffers, inputs } = this;
    for (let i = 0; i < inputs.length; i++) buffers[i] = this.buffer(inputs[i]!, args);
    try {
      const values = this.program.run(buffers);
      this.assign(values);
      return this.result(values);
    } finally {
      for (let i = 0; i < inputs.length; i++) {
        if (inputs[i]!.kind === 'host') releaseData(buffers[i]!.dataId, backend);
      }
    }
  }

  dispose(): void {
    // After `engine.reset()` or `removeBackend` there is nothing left to free.
    if (tracedEngine().registry[this.backendName] !== this.backend) return;
    this.program.dispose();
    for (const source of this.parts.graph.sources) {
      if (source.kind === 'constant') releaseData(source.dataId, this.backend);
    }
  }

  private compile(): BackendProgram {
    const { graph } = this.parts;
    const { backend } = this;
    const constants = graph.sources.flatMap((source) =>
      source.kind === 'constant' ? [source] : [],
    );
    const indexOf = (variable: Variable) =>
      this.inputs.findIndex((input) => input.kind === 'variable' && input.variable === variable);
    const source: ProgramSource = {
      values: graph.values,
      inputs: this.inputs.map(({ value }) => value),
      variables: this.inputs.filter(({ kind }) => kind === 'variable').length,
      constants: constants.map(({ value, dataId }) => ({
        value,
        data: () => constantData(backend, dataId),
      })),
      operations: graph.operations,
      results: graph.results,
      assignments: graph.assignments.map(({ variable, value }) => ({
        input: indexOf(variable),
        value,
      })),
    };
    return (
      backend.compileProgram?.(source) ??
      new Replay(
        source,
        graph,
        backend,
        constants.map(({ dataId, value }) => ({ dataId, ...graph.values[value]! })),
        this.backendName,
      )
    );
  }

  private buffer(source: Source, args: readonly Tensor[]): TensorInfo {
    switch (source.kind) {
      case 'argument':
        return args[source.index]!;
      case 'captured':
        if (source.tensor.isDisposed) {
          throw new Error(
            `The compiled function '${this.parts.name}' uses a tensor ${source.tensor.dtype}` +
              `[${source.tensor.shape}] from outside, which has been disposed of since it was traced. ` +
              'Keep the tensor (tf.keep), or pass it as an argument.',
          );
        }
        return source.tensor;
      case 'variable':
        if (source.variable.isDisposed) {
          throw new Error(
            `The compiled function '${this.parts.name}' uses the variable '${source.variable.name}', ` +
              'which has been disposed of since it was traced.',
          );
        }
        return source.variable;
      case 'host': {
        const dataId = this.backend.write(new Float32Array([source.read()]), [], 'float32');
        return { dataId, shape: [], dtype: 'float32' };
      }
      default:
        throw new Error(`A ${source.kind} is not an input`);
    }
  }

  private assign(values: readonly (TensorInfo | null)[]): void {
    const { assignments, results } = this.parts.graph;
    assignments.forEach(({ variable }, i) => {
      const info = values[results.length + i];
      if (info === null || info === undefined) return;
      const tensor = adoptTensor(info, this.backend);
      variable.assign(tensor);
      tensor.dispose();
    });
  }

  private result(values: readonly (TensorInfo | null)[]): unknown {
    const { graph, result } = this.parts;
    const tensors = graph.results.map((_, i) => adoptTensor(values[i]!, this.backend));
    return mapLeaves(result, (leaf) => {
      if (!(leaf instanceof ResultSlot)) return leaf;
      const tensor = tensors[leaf.index]!;
      if (leaf.kept) tensor.kept = true;
      return tensor;
    });
  }
}
