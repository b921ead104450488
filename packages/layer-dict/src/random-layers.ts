import { joinPath, type LayerLike, layerParts, shadow } from '@ae/module';
import { drawTensor, fillNormal, fillUniform, foldIn, stepSeed } from '@ae/random';
import {
  add,
  greaterEqual,
  mul,
  type Tensor,
  tensor,
  tidy,
  util,
  where,
} from '@tensorflow/tfjs-core';

/** What a layer's `call` is given beside its input. */
interface CallArguments {
  readonly training?: boolean;
}

type RandomLayer = LayerLike & {
  rate: number;
  stddev: number;
  noiseShape?: readonly (number | null)[] | null;
  call(inputs: Tensor | Tensor[], options: CallArguments): Tensor | Tensor[];
};

/** Gives the seed of the numbers that are being drawn. */
type Seed = () => number;

/** Computes the training output from the input and fresh random numbers. */
type Noise = (layer: RandomLayer, input: Tensor, seed: Seed) => Tensor;

const NOISE: Readonly<Record<string, Noise>> = {
  Dropout: (layer, input, seed) => drop(input, layer.rate, noiseShape(layer, input), seed),
  SpatialDropout1D: (layer, input, seed) =>
    drop(input, layer.rate, [input.shape[0]!, 1, input.shape[2]!], seed),
  GaussianNoise: ({ stddev }, input, seed) => add(input, normal(input.shape, 0, stddev, seed)),
  GaussianDropout: ({ rate }, input, seed) =>
    mul(input, normal(input.shape, 1, Math.sqrt(rate / (1 - rate)), seed)),
  AlphaDropout: alphaDrop,
};

/**
 * Makes the dropout and noise of a layer, and of layers inside it, counter based.
 * In a training step (`withStep` of `@ae/random`) a mask depends on the step's seed,
 * its number and the layer's path; outside of one, on `seed` and on how often the
 * layer was called. tfjs-layers itself repeats one mask when it is given a seed.
 */
export function seedRandomLayers(layer: LayerLike, seed: number, path: string): void {
  const noise = NOISE[layer.getClassName()];
  const draw = seedsOf(seed, path);
  if (noise) makeNoisy(layer as RandomLayer, noise, draw);
  const cell = layer as LayerLike & { dropoutFunc?: (ones: Tensor, rate: number) => Tensor };
  // Recurrent cells take a function for their masks.
  if ('dropoutFunc' in cell) {
    cell.dropoutFunc ??= (ones, rate) => drop(ones, rate, ones.shape, draw);
  }
  for (const [name, part] of layerParts(layer)) {
    seedRandomLayers(part, seed, joinPath(path, name));
  }
}

function seedsOf(seed: number, path: string): () => number {
  let calls = 0;
  return () => stepSeed(path) ?? foldIn(seed, path, calls++);
}

function makeNoisy(layer: RandomLayer, noise: Noise, draw: () => number): void {
  const call = layer.call;
  const isActive = layer.getClassName() === 'GaussianNoise' || layer.rate > 0;
  shadow(layer, 'call', (inputs, options) => {
    if (!options.training || !isActive) return call.call(layer, inputs, options);
    const input = Array.isArray(inputs) ? inputs[0]! : inputs;
    return tidy(() => noise(layer, input, draw));
  });
}

/** Zeroes a share of `rate` and scales the rest so that the mean stays (Srivastava et al., 2014). */
function drop(input: Tensor, rate: number, maskShape: readonly number[], seed: Seed): Tensor {
  const kept = 1 / (1 - rate);
  const mask = drawn(maskShape, seed, (values, now) => {
    fillUniform(now, values);
    for (let i = 0; i < values.length; i++) values[i] = values[i]! >= rate ? kept : 0;
    return values;
  });
  return mul(input, mask);
}

/** Keeps the mean and deviation of self-normalising activations (Klambauer et al., 2017). */
function alphaDrop(layer: RandomLayer, input: Tensor, seed: Seed): Tensor {
  const { rate } = layer;
  // What a dropped unit is set to: -scale * alpha of SELU.
  const low = -1.7580993408473766;
  const a = ((1 - rate) * (1 + rate * low ** 2)) ** -0.5;
  const b = -a * low * rate;
  const uniform = drawn(noiseShape(layer, input), seed, (values, now) => fillUniform(now, values));
  const isKept = greaterEqual(uniform, rate);
  return add(mul(input, where(isKept, a, 0)), where(isKept, b, a * low + b));
}

function normal(shape: number[], mean: number, deviation: number, seed: Seed): Tensor {
  return drawn(shape, seed, (values, now) => fillNormal(now, values, mean, deviation));
}

/** A tensor that is drawn anew at each run, also when the function around it is compiled. */
function drawn(
  shape: readonly number[],
  seed: Seed,
  fill: (values: Float32Array, seed: number) => Float32Array,
): Tensor {
  const size = util.sizeFromShape([...shape]);
  return drawTensor(
    shape,
    () => fill(new Float32Array(size), seed()),
    (values) => tensor(values, [...shape]),
  );
}

function noiseShape(layer: RandomLayer, input: Tensor): number[] {
  return input.shape.map((size, axis) => layer.noiseShape?.[axis] ?? size);
}
