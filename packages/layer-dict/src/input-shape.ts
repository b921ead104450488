import type { LayerLike } from '@ae/module';
import { Tensor } from '@tensorflow/tfjs-core';

type Input = Tensor | Tensor[];

/**
 * The input's shape, or shapes, as text; the batch is `null`, since it may differ.
 *
 * @throws TypeError when it is no tensor, as only untyped code can bring about
 */
export function describeShape(input: Input): string {
  if (Array.isArray(input)) return input.map(describeShape).join(', ');
  if (!(input instanceof Tensor)) {
    throw new TypeError(`A layer takes a tensor or a list of tensors, not ${typeof input}.`);
  }
  return `[${['null', ...input.shape.slice(1)].slice(0, input.rank).join(', ')}]`;
}

/**
 * Why a built layer cannot take this input, for the one layer that does not see it
 * itself: the variables of layer normalisation could be broadcast to sizes that
 * they do not belong to.
 */
export function sizeConflict(layer: LayerLike, input: Input): string | undefined {
  if (layer.getClassName() !== 'LayerNormalization' || Array.isArray(input)) return undefined;
  const [weight] = layer._trainableWeights;
  const { axis } = layer as LayerLike & { axis?: number | number[] };
  if (!weight || axis === undefined) return undefined;
  const normalised = [axis].flat().map((each) => input.shape.at(each));
  if (String(normalised) === String(weight.val.shape)) return undefined;
  return `it normalises sizes [${weight.val.shape}], not [${normalised}].`;
}
