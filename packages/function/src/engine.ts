import type {
  backend_util,
  DataType,
  KernelBackend,
  NamedAttrMap,
  NamedTensorMap,
  Tensor,
  TensorInfo,
  Variable,
} from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

type DataId = TensorInfo['dataId'];
/** What the engine takes as the contents of a tensor. */
export type TensorValues = backend_util.BackendValues | string[];

/** A call of a registered kernel, or of the forward part of a custom gradient. */
export interface KernelCall {
  readonly kernelName?: string;
  readonly inputs: NamedTensorMap;
  readonly attrs?: NamedAttrMap;
  readonly forwardFunc?: (backend: KernelBackend, save: (tensors: Tensor[]) => void) => Tensor[];
  readonly backwardsFunc?: (dy: Tensor | Tensor[], saved: Tensor[]) => Record<string, () => Tensor>;
}

/** The parts of the tfjs engine that tracing follows; its typings hide some of them. */
export interface TracedEngine {
  readonly backendName: string;
  readonly backend: KernelBackend;
  readonly registry: Readonly<Record<string, KernelBackend>>;
  readonly state: {
    gradientDepth: number;
    activeTape: unknown;
    readonly kernelDepth: number;
    readonly tensorInfo: WeakMap<object, { readonly backend: KernelBackend }>;
  };
  nextTensorId(): number;
  startScope(name?: string): void;
  endScope(result?: unknown): void;
  runKernelFunc(call: KernelCall): Tensor | Tensor[];
  saveTensorsForBackwardMode(tensors: Tensor[]): Tensor[];
  makeTensor(
    values: TensorValues,
    shape: number[],
    dtype?: DataType,
    backend?: KernelBackend,
  ): Tensor;
  makeTensorFromTensorInfo(info: TensorInfo, backend?: KernelBackend): Tensor;
  makeVariable(initial: Tensor, trainable?: boolean, name?: string, dtype?: DataType): Variable;
  disposeTensor(tensor: Tensor): void;
  disposeVariable(variable: Variable): void;
  removeDataId(dataId: DataId, backend: KernelBackend): void;
  readSync(dataId: DataId): backend_util.BackendValues;
  read(dataId: DataId): Promise<backend_util.BackendValues>;
  readToGPU(dataId: DataId, options?: object): unknown;
}

/** The engine that all tensors of this program belong to. */
export function tracedEngine(): TracedEngine {
  return tf.engine() as unknown as TracedEngine;
}

/** Whether operations are being recorded for gradients now. */
export function isTapeOn({ state }: TracedEngine): boolean {
  return state.gradientDepth > 0 && state.kernelDepth === 0;
}

/** Gives up one reference to a buffer, which is freed with the last. */
export function releaseData(dataId: DataId, backend: KernelBackend): void {
  if (backend.disposeData(dataId)) tracedEngine().removeDataId(dataId, backend);
}

/** A new tensor for a buffer; takes over one reference to it. */
export function adoptTensor(info: TensorInfo, backend: KernelBackend): Tensor {
  return tracedEngine().makeTensorFromTensorInfo(info, backend);
}
