import type { Variable } from '@tensorflow/tfjs-core';

/** The variable of a tfjs-layers layer, as this package sees it. */
interface LayerVariableLike {
  readonly originalName: string;
  readonly val: Variable;
}

/**
 * What this package needs of a tfjs-layers layer. It is recognised by its shape,
 * so that tfjs-layers itself need not be installed.
 */
export interface LayerLike {
  readonly name: string;
  readonly trainable?: boolean;
  readonly built?: boolean;
  getClassName(): string;
  apply(inputs: unknown, options?: unknown): unknown;
  build(inputShape: unknown): void;
  readonly _trainableWeights: readonly LayerVariableLike[];
  readonly _nonTrainableWeights: readonly LayerVariableLike[];
}

/** Whether `value` is a layer or a whole model of tfjs-layers. */
export function isLayer(value: unknown): value is LayerLike {
  if (typeof value !== 'object' || value === null) return false;
  const layer = value as Partial<LayerLike>;
  return (
    typeof layer.getClassName === 'function' &&
    typeof layer.apply === 'function' &&
    Array.isArray(layer._trainableWeights) &&
    Array.isArray(layer._nonTrainableWeights)
  );
}

/** Where wrappers and recurrent layers keep the layers inside them, and what that adds to the path. */
const PARTS: Readonly<Record<string, string>> = {
  cell: '',
  layer: '',
  forwardLayer: 'forward',
  backwardLayer: 'backward',
};

/**
 * The layers inside a layer: those of a model, the cell of a recurrent layer,
 * what a wrapper wraps. tfjs-layers numbers layers per process
 * (`dense_Dense7`); here they are numbered within their model, as Keras does
 * in a fresh process: `dense`, `dense_1`.
 */
export function* layerParts(layer: LayerLike): Iterable<readonly [name: string, LayerLike]> {
  const fields = layer as unknown as Readonly<Record<string, unknown>>;
  const isPair = isLayer(fields.forwardLayer);
  for (const [field, name] of Object.entries(PARTS)) {
    const part = fields[field];
    // A bidirectional wrapper keeps its forward layer under `layer` also.
    if (isLayer(part) && !(isPair && field === 'layer')) yield [name, part];
  }
  for (const field of ['cells', 'layers']) {
    const parts = fields[field];
    if (Array.isArray(parts)) yield* stableNames(parts.filter(isLayer));
  }
}

function* stableNames(layers: readonly LayerLike[]): Iterable<readonly [string, LayerLike]> {
  const used = new Map<string, number>();
  for (const layer of layers) {
    if (layer.getClassName() === 'InputLayer') continue;
    const automatic = new RegExp(`^(.+)_${layer.getClassName()}\\d+$`).exec(layer.name);
    const base = automatic?.[1] ?? layer.name;
    const count = used.get(base) ?? 0;
    used.set(base, count + 1);
    yield [count === 0 ? base : `${base}_${count}`, layer];
  }
}

/** A layer's own variables, without those of the layers inside it. */
export function* layerVariables(layer: LayerLike): Iterable<readonly [name: string, Variable]> {
  for (const weight of [...layer._trainableWeights, ...layer._nonTrainableWeights]) {
    // tfjs-layers puts the layer's process-wide name before the weight's own.
    yield [weight.originalName.slice(weight.originalName.lastIndexOf('/') + 1), weight.val];
  }
}
