import type { backend_util, KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { cpuKernels, MathBackendCPU } from 'cpu-kernels';
import type { AeWasmBackend } from '../backend/ae-wasm-backend.js';
import { defineKernel } from './define-kernel.js';

type Operands = TensorInfo | TensorInfo[] | undefined;
type Values = backend_util.BackendValues;

const kernels = new Map(cpuKernels.map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]));

/** A CPU backend for the length of one call, unknown to tfjs's engine. */
class HostBackend extends MathBackendCPU {
  protected override firstUse = false;

  /** Some kernels return a tensor here, which the engine would track as the user's. */
  makeOutput(values: Values, shape: number[], dtype: TensorInfo['dtype']): TensorInfo {
    return this.makeTensorInfo(shape, dtype, values);
  }
}

/**
 * Computes a kernel with tfjs-backend-cpu's implementation, on the bytes in the heap: for rare
 * kernels (complex numbers, strings, ragged and sparse tensors) and rare types of the others.
 */
export function computeOnCpu(
  kernelName: string,
  args: { inputs: unknown; attrs?: unknown; backend: AeWasmBackend },
): TensorInfo | TensorInfo[] {
  const { backend } = args;
  const compute = kernels.get(kernelName);
  if (compute === undefined) throw new Error(`There is no CPU kernel ${kernelName}`);
  const host = new HostBackend();
  // All operands are in the heap before the first is viewed, since one that is not may move it.
  for (const operand of Object.values(args.inputs as Record<string, Operands>)) {
    for (const tensor of [operand].flat()) {
      if (tensor && tensor.dtype !== 'string') backend.pointer(tensor);
    }
  }
  const convert = (operand: Operands): Operands => {
    if (Array.isArray(operand)) return operand.map((tensor) => toHost(tensor, backend, host));
    return operand && toHost(operand, backend, host);
  };
  // Some kernels take an object of tensors, some a list.
  const inputs = Array.isArray(args.inputs)
    ? convert(args.inputs)
    : Object.fromEntries(
        Object.entries(args.inputs as Record<string, Operands>).map(([name, operand]) => [
          name,
          convert(operand),
        ]),
      );
  const result = compute({
    inputs: inputs as unknown as Parameters<KernelFunc>[0]['inputs'],
    attrs: args.attrs as NonNullable<Parameters<KernelFunc>[0]['attrs']>,
    backend: host,
  });
  // All values leave the heap's views before the first allocation, which may move the heap.
  const outputs = (Array.isArray(result) ? result : [result]).map((output) => ({
    ...output,
    values: detached(typed(host.readSync(output.dataId), output.dtype), backend),
  }));
  const tensors = outputs.map(({ shape, dtype, values }) =>
    backend.makeOutput(shape, dtype, undefined, values),
  );
  return Array.isArray(result) ? tensors : tensors[0]!;
}

/** A kernel that is always computed by the CPU backend's implementation. */
export function cpuKernel(kernelName: string): KernelConfig {
  return defineKernel<unknown, unknown>(kernelName, (args) => computeOnCpu(kernelName, args));
}

function toHost(tensor: TensorInfo, backend: AeWasmBackend, host: HostBackend): TensorInfo {
  const { shape, dtype } = tensor;
  const info = host.makeTensorInfo(shape, dtype, hostValues(tensor, backend));
  if (dtype === 'complex64') {
    const values = backend.typedArrayFromHeap(tensor);
    host.data.get(info.dataId).complexTensorInfos = {
      real: host.makeTensorInfo(
        shape,
        'float32',
        values.filter((_, i) => i % 2 === 0),
      ),
      imag: host.makeTensorInfo(
        shape,
        'float32',
        values.filter((_, i) => i % 2 === 1),
      ),
    };
  }
  // Some kernels take their inputs for tensors, which know their rank.
  return Object.assign(info, { rank: shape.length });
}

function hostValues(tensor: TensorInfo, backend: AeWasmBackend): Values | undefined {
  if (tensor.dtype === 'complex64') return undefined;
  if (tensor.dtype === 'string') return backend.readSync(tensor.dataId);
  return backend.typedArrayFromHeap(tensor);
}

/** Some kernels return integers under a data id that says otherwise. */
function typed(values: Values, dtype: TensorInfo['dtype']): Values {
  if (dtype === 'int32' && values instanceof Float32Array) return Int32Array.from(values);
  return values;
}

function detached(values: Values, backend: AeWasmBackend): Values {
  if (!ArrayBuffer.isView(values)) return values;
  return values.buffer === backend.wasm.HEAPU8.buffer ? values.slice() : values;
}
