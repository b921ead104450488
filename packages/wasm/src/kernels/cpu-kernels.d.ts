/** Made by scripts/bundle.mjs: every kernel of tfjs-backend-cpu, and its backend. */
declare module 'cpu-kernels' {
  import type { DataStorage, KernelBackend, KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
  import type { backend_util, DataType } from '@tensorflow/tfjs-core';

  export const cpuKernels: readonly KernelConfig[];

  export interface CpuTensorData {
    values?: backend_util.BackendValues;
    dtype: DataType;
    refCount: number;
    complexTensorInfos?: { real: TensorInfo; imag: TensorInfo };
  }

  export class MathBackendCPU extends KernelBackend {
    data: DataStorage<CpuTensorData>;
    /** Whether the next write advises to install tfjs-node. */
    protected firstUse: boolean;
    makeTensorInfo(
      shape: number[],
      dtype: DataType,
      values?: backend_util.BackendValues,
    ): TensorInfo;
  }
}
