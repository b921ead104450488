import type { TensorInfo } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { floatBits } from '../../backend/task-runner.js';
import { BLOCK } from '../elementwise/block.js';
import { shareData } from '../memory/share-data.js';

/**
 * Throws unless each list has one float32 tensor for each value, of the same shape: the kernels
 * would read and write beyond a smaller one.
 */
export function checkAlike(
  kernelName: string,
  values: readonly TensorInfo[],
  lists: Record<string, readonly TensorInfo[]>,
): void {
  for (const [name, tensors] of Object.entries({ values, ...lists })) {
    util.assert(
      tensors.length === values.length,
      () => `${kernelName}: ${tensors.length} ${name} for ${values.length} values`,
    );
    for (const [i, { shape, dtype }] of tensors.entries()) {
      util.assert(
        dtype === 'float32' && util.arraysEqual(shape, values[i]!.shape),
        () =>
          `${kernelName}: ${name}[${i}] is ${dtype} of shape [${shape}], ` +
          `but must be float32 of shape [${values[i]!.shape}]`,
      );
    }
  }
}

/** Where an update's results go. */
export interface Targets {
  /** For each of the lists that were given, the tensors to write to. */
  readonly lists: readonly (readonly TensorInfo[])[];
  /** To be called when they are written: the kernel's outputs. */
  outputs(): TensorInfo[];
}

/**
 * Makes a tensor for the new value of each old one. With `inPlace`, the new values go over the old
 * ones instead, if no tensor beside these has a part in any of them: that moves half the memory.
 */
export function targetsFor(
  backend: AeWasmBackend,
  lists: readonly (readonly TensorInfo[])[],
  inPlace: boolean,
): Targets {
  const old = lists.flat();
  const isDistinct = () => new Set(old.map(({ dataId }) => dataId)).size === old.length;
  const isAlone = ({ dataId }: TensorInfo) => backend.refCount(dataId) === 1;
  if (inPlace && old.every(isAlone) && isDistinct()) {
    const overwritten = (tensor: TensorInfo): TensorInfo => {
      backend.dataIdMap.get(tensor.dataId).noteChange();
      return shareData(backend, tensor, tensor.shape);
    };
    return { lists, outputs: () => old.map(overwritten) };
  }
  const fresh = lists.map((list) => list.map(({ shape }) => backend.output(shape, 'float32')));
  return { lists: fresh, outputs: () => fresh.flat() };
}

/**
 * Runs `kernel` over all elements of all variables.
 *
 * @param constants words of the kernel's own, before those that describe the blocks
 * @param tensors lists of one tensor for each variable; an empty list stands for no tensors
 * @param decay for each variable
 */
export function runBlocks(
  backend: AeWasmBackend,
  kernel: 'adamTask' | 'sgdTask',
  constants: readonly number[],
  tensors: readonly (readonly TensorInfo[])[],
  decay: readonly number[],
): void {
  const blocks: number[] = [];
  const ends: number[] = [];
  let count = 0;
  let elements = 0;
  for (const [i, { shape }] of tensors[0]!.entries()) {
    const size = util.sizeFromShape(shape);
    const pointers = tensors.map((list) => (list[i] ? backend.pointer(list[i]) : 0));
    for (let start = 0; start < size; start += BLOCK) {
      const length = Math.min(size - start, BLOCK);
      if (elements + length > BLOCK) {
        ends.push(count);
        elements = 0;
      }
      for (const pointer of pointers) blocks.push(pointer && pointer + 4 * start);
      blocks.push(length, floatBits(decay[i] ?? 0));
      elements += length;
      count++;
    }
  }
  if (count === 0) return;
  ends.push(count);
  const words = [...ends, ...blocks];
  const list = backend.scratch(4 * words.length);
  new Int32Array(backend.wasm.HEAPU8.buffer, list, words.length).set(words);
  backend.run(kernel, [...constants, list, list + 4 * ends.length], ends.length);
}
