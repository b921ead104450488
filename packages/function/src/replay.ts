import type {
  KernelBackend,
  KernelFunc,
  NamedAttrMap,
  Tensor,
  TensorInfo,
  TypedArray,
} from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { BackendProgram, ProgramSource } from './backend-program.js';
import { releaseData } from './engine.js';
import { KernelError } from './errors.js';
import type { Graph, Operation, ValueId } from './graph.js';
import { mapOperands } from './graph.js';
import { lastUses } from './liveness.js';

interface Step {
  readonly kernel: KernelFunc;
  /** The operands as the kernel takes them; filled in before each call. */
  readonly inputs: Record<string, unknown>;
  readonly operands: readonly { list: Record<string, unknown>; key: string; value: ValueId }[];
  readonly attrs: NamedAttrMap;
  readonly outputs: readonly ValueId[];
  readonly free: readonly ValueId[];
}

/**
 * Runs a graph on any backend: one kernel after the other, without the engine; each buffer is freed
 * after its last use.
 */
export class Replay implements BackendProgram {
  readonly bytes = 0;
  private readonly steps: readonly Step[];
  private readonly slots: (TensorInfo | undefined)[];
  private readonly results: (TensorInfo | null)[] = [];

  constructor(
    private readonly source: ProgramSource,
    graph: Graph,
    private readonly backend: KernelBackend,
    private readonly constants: readonly TensorInfo[],
    private readonly backendName: string,
  ) {
    const uses = lastUses(graph);
    this.slots = new Array(source.values.length).fill(undefined);
    this.steps = graph.operations.map((operation, index) => this.step(operation, uses[index]!));
  }

  describe(): readonly string[] {
    return [];
  }

  run(inputs: readonly TensorInfo[]): readonly (TensorInfo | null)[] {
    const { source, slots, backend } = this;
    const computed = new Set<ValueId>();
    source.inputs.forEach((id, i) => {
      if (id >= 0) slots[id] = inputs[i];
    });
    source.constants.forEach(({ value }, i) => {
      slots[value] = this.constants[i];
    });
    try {
      for (const step of this.steps) {
        for (const { list, key, value } of step.operands) list[key] = slots[value];
        const outputs = step.kernel({
          inputs: step.inputs as Parameters<KernelFunc>[0]['inputs'],
          attrs: step.attrs,
          backend,
        });
        [outputs].flat().forEach((output, i) => {
          const id = step.outputs[i]!;
          slots[id] = this.own(output);
          computed.add(id);
        });
        for (const id of step.free) {
          releaseData(slots[id]!.dataId, backend);
          computed.delete(id);
        }
      }
      this.results.length = 0;
      const ends = [...source.results, ...source.assignments.map(({ value }) => value)];
      for (const id of ends) {
        const { dataId, shape, dtype } = slots[id]!;
        backend.incRef(dataId);
        // A copy: the input may be a variable, which soon has another buffer.
        this.results.push({ dataId, shape, dtype });
      }
      return this.results;
    } finally {
      for (const id of computed) releaseData(slots[id]!.dataId, backend);
      slots.fill(undefined);
    }
  }

  dispose(): void {}

  private step(operation: Operation, free: readonly ValueId[]): Step {
    const { attrs = {}, outputs } = operation;
    const operands: { list: Record<string, unknown>; key: string; value: ValueId }[] = [];
    const inputs = mapOperands(operation.inputs, (value) => value) as Record<string, unknown>;
    for (const [key, value] of Object.entries(inputs)) {
      if (Array.isArray(value)) {
        const list = value as unknown as Record<string, unknown>;
        value.forEach((id: ValueId, i) => {
          operands.push({ list, key: String(i), value: id });
        });
      } else if (value !== undefined) {
        operands.push({ list: inputs, key, value: value as ValueId });
      }
    }
    const kernel = guarded(operation, this.kernelFunc(operation));
    return { kernel, inputs, operands, attrs, outputs, free };
  }

  private kernelFunc({ kernel, host, outputs }: Operation): KernelFunc {
    if (host !== undefined) {
      return ({ inputs }) => {
        const operands = Object.values(inputs).map((info) => this.read(info!));
        const result = host(operands);
        return outputs.map((id) => {
          const { shape, dtype } = this.source.values[id]!;
          return { dataId: this.backend.write(result!, shape, dtype), shape, dtype };
        });
      };
    }
    const registered = tf.getKernel(kernel, this.backendName);
    if (registered != null) return registered.kernelFunc;
    throw new Error(`The backend '${this.backendName}' has no kernel '${kernel}'`);
  }

  private read({ dataId }: TensorInfo): TypedArray {
    return this.backend.readSync(dataId) as TypedArray;
  }

  /** Kernels that are made of tfjs operations give tensors, which the engine would dispose of. */
  private own(output: TensorInfo | Tensor): TensorInfo {
    if (!('dispose' in output)) return output;
    const { dataId, shape, dtype } = output;
    this.backend.incRef(dataId);
    output.dispose();
    return { dataId, shape, dtype };
  }
}

/** What JavaScript throws on purpose stays as it is. */
function guarded({ kernel, host }: Operation, run: KernelFunc): KernelFunc {
  if (host !== undefined) return run;
  return (call) => {
    try {
      return run(call);
    } catch (error) {
      throw new KernelError(kernel, error);
    }
  };
}

/** The numbers of a constant, for a backend that takes programs. */
export function constantData(
  backend: KernelBackend,
  dataId: TensorInfo['dataId'],
): TypedArray | undefined {
  const data = backend.readSync(dataId);
  return ArrayBuffer.isView(data) ? (data as TypedArray) : undefined;
}
