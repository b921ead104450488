import { add, type DataType, type Tensor } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';

/** A variable of a layer, as tfjs-layers holds it. */
export interface Weight {
  read(): Tensor;
}

/** What the repairs use of a layer of tfjs-layers, whose types keep it to themselves. */
export interface Inside {
  kernel: Weight;
  recurrentKernel: Weight;
  depthwiseKernel: Weight;
  bias: Weight | null;
  gamma: Weight | undefined;
  beta: Weight | undefined;
  built: boolean;
  readonly units: number;
  readonly filters: number;
  readonly useBias: boolean;
  readonly kernelInitializer: unknown;
  readonly recurrentInitializer: unknown;
  readonly biasInitializer: unknown;
  readonly activation: { apply(input: Tensor): Tensor } | null;
  readonly recurrentActivation: { apply(input: Tensor): Tensor };
  addWeight(
    name: string,
    shape: readonly number[],
    dtype: DataType | undefined,
    initializer: unknown,
  ): Weight;
}

/** A layer's inside. */
export function inside(layer: unknown): Inside {
  return layer as Inside;
}

type Methods = Partial<Pick<layers.Layer, 'call' | 'build' | 'computeOutputShape'>>;

/** The same layer with some of its methods replaced. */
export function withMethods<L>(layer: L, methods: Methods): L {
  return Object.assign(layer as object, methods) as L;
}

/** The tensor of a layer that takes one. */
export function only(inputs: Tensor | Tensor[]): Tensor {
  return Array.isArray(inputs) ? inputs[0]! : inputs;
}

/** Adds a layer's bias, if it has one, and applies its activation. */
export function biasAndActivation(layer: Inside, output: Tensor): Tensor {
  const biased = layer.bias == null ? output : add(output, layer.bias.read());
  return layer.activation == null ? biased : layer.activation.apply(biased);
}

/** `2` -> `[2, 2]`; nothing -> `[1, 1]`. */
export function perAxis(value: number | readonly number[] | undefined, axes: number): number[] {
  const values = typeof value === 'number' ? [value] : (value ?? [1]);
  return Array.from({ length: axes }, (_, axis) => values[axis] ?? values[0]!);
}
