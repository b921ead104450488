import type { Trackable } from '@ae/module';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';

/** What a layer is told besides its input. */
export interface CallOptions {
  /** Whether dropout drops and batch normalisation takes the batch's own moments. Default false. */
  readonly training?: boolean;
  /** Which time steps of a sequence count, `[batch, time]`; for layers that support masking. */
  readonly mask?: Tensor | Tensor[];
  /** The first state of a recurrent layer. */
  readonly initialState?: Tensor | Tensor[];
}

/**
 * A layer as a function of tensors. It makes its variables when it is first
 * called, from the size of that input.
 *
 * What comes out is typed by where it goes: `Tensor` by default, `Tensor2D` where
 * one is returned or assigned. It is not checked; tfjs-layers does not know.
 */
export interface CallableLayer extends Trackable {
  <Output extends Tensor = Tensor>(input: Tensor | Tensor[], options?: CallOptions): Output;
  /** For layers with several outputs: `lstm<Tensor[]>(sequence)`. */
  <Outputs extends Tensor[]>(input: Tensor | Tensor[], options?: CallOptions): Outputs;
  /** The layer of tfjs-layers behind it. */
  readonly layer: layers.Layer;
}

/** A class, or a function, that makes a layer, a callable layer or a module. */
export type Maker =
  | (new (
      ...args: never[]
    ) => layers.Layer | Trackable)
  | ((...args: never[]) => layers.Layer | Trackable);

/** The arguments that a maker takes. */
export type ArgumentsOf<M extends Maker> = M extends new (
  ...args: infer A
) => unknown
  ? A
  : M extends (...args: infer A) => unknown
    ? A
    : never;

type ResultOf<M extends Maker> = M extends new (
  ...args: never[]
) => infer R
  ? R
  : M extends (...args: never[]) => infer R
    ? R
    : never;

/** What `get` gives: a layer becomes callable, anything else is what was made. */
export type Made<M extends Maker> = ResultOf<M> extends layers.Layer ? CallableLayer : ResultOf<M>;
