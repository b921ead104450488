import { type CallableLayer, layer } from '@ae/layer-dict';
import { layers } from '@ae/layers';
import type { StateDict } from '@ae/module';
import { valueAndGradients } from '@ae/train';
import * as tf from '@tensorflow/tfjs-core';
import type { LayerVariable, layers as tfLayers } from '@tensorflow/tfjs-layers';
import { draw, sizeOf } from './reference.js';

/** A case of `reference/layer_cases.py`, as `reference/layers.py` wrote it down. */
export interface LayerCase {
  readonly name: string;
  readonly layer: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** What a wrapper wraps. */
  readonly inner: Pick<LayerCase, 'layer' | 'config'> | null;
  readonly inputs: readonly { shape: number[]; bound?: number }[];
  readonly training: boolean;
  readonly weights: readonly { name: string; shape: number[] }[];
}

/** Names that tfjs-layers does not spell as Keras does. */
const NAMES: Readonly<Record<string, string>> = {
  ELU: 'elu',
  GRU: 'gru',
  LSTM: 'lstm',
  LeakyReLU: 'leakyReLU',
  PReLU: 'prelu',
  ReLU: 'reLU',
  SimpleRNN: 'simpleRNN',
  ConvLSTM2D: 'convLstm2d',
  Cropping2D: 'cropping2D',
};

/** `Conv2DTranspose` -> `conv2dTranspose`. */
function factoryName(className: string): string {
  const lower = className.replace(/(\d)D/, '$1d');
  return NAMES[className] ?? lower[0]!.toLowerCase() + lower.slice(1);
}

const camelCase = (name: string): string =>
  name.replace(/_(\w)/g, (_, c: string) => c.toUpperCase());

function argumentsOf(config: LayerCase['config']): Record<string, unknown> {
  const entries = Object.entries(config).map(([key, value]) => {
    const isName = typeof value === 'string' && /activation$/.test(key);
    return [camelCase(key), isName ? camelCase(value) : value];
  });
  return Object.fromEntries(entries);
}

type Factory = (args: object) => tfLayers.Layer;

/** The factory for a layer of Keras. */
export function factoryOf(className: string): Factory {
  const factories = layers as unknown as Readonly<Record<string, Factory | undefined>>;
  const factory = factories[factoryName(className)];
  if (factory === undefined) throw new Error(`there is no layers.${factoryName(className)}`);
  return factory;
}

function makeLayer({ layer: className, config, inner }: LayerCase): CallableLayer {
  const args = argumentsOf(config);
  if (inner !== null) args.layer = factoryOf(inner.layer)(argumentsOf(inner.config));
  return layer(factoryOf(className), args);
}

function makeInputs({ name, inputs }: LayerCase): tf.Tensor[] {
  return inputs.map(({ shape, bound }, index) => {
    if (bound === undefined) return tf.tensor(draw(0, [name, `input ${index}`], shape), shape);
    const numbers = Int32Array.from({ length: sizeOf(shape) }, (_, i) => (i * 5) % bound);
    return tf.tensor(numbers, shape, 'int32');
  });
}

/** What `reference/layers.py` computes of a case, under the same names. */
export function runCase(
  spec: LayerCase,
  cotangentShape: readonly number[],
): Map<string, { shape: number[]; data: ArrayLike<number> }> {
  const results = new Map<string, { shape: number[]; data: ArrayLike<number> }>();
  const keep = (name: string, tensor: tf.Tensor): void => {
    results.set(name, { shape: tensor.shape, data: tensor.dataSync().slice() });
  };
  tf.engine().startScope();
  try {
    const callable = makeLayer(spec);
    const inputs = makeInputs(spec);
    const call = (tensors: tf.Tensor[]): tf.Tensor =>
      callable(tensors.length > 1 ? tensors : tensors[0]!, { training: spec.training });
    call(inputs);
    setWeights(callable, spec);
    const sources = new Map<string, tf.Variable>();
    const variables = inputs.map((input, index) => {
      if (input.dtype !== 'float32') return input;
      const variable = tf.variable(input);
      sources.set(`input ${index}`, variable);
      return variable;
    });
    const names = new Map(callable.layer.weights.map((w, i) => [w, weightName(w, i, spec)]));
    for (const weight of callable.layer.trainableWeights) {
      sources.set(names.get(weight)!, weight.read() as tf.Variable);
    }
    const cotangent = tf.tensor(draw(0, [spec.name, 'cotangent'], cotangentShape), [
      ...cotangentShape,
    ]);
    const { gradients } = valueAndGradients(() => {
      const output = call(variables);
      keep('output', output);
      return tf.sum(tf.mul(output, cotangent)) as tf.Scalar;
    }, sources);
    for (const [name, gradient] of gradients) keep(`gradient ${name}`, gradient);
    if (spec.training) {
      for (const weight of callable.layer.nonTrainableWeights) {
        keep(`after ${names.get(weight)}`, weight.read());
      }
    }
    callable.layer.dispose();
    tf.dispose([...sources.values()]);
  } finally {
    tf.engine().endScope();
  }
  return results;
}

/** Keras's name of a weight, with its number if there may be several of that name. */
function weightName({ originalName }: LayerVariable, index: number, spec: LayerCase): string {
  const name = originalName.slice(originalName.lastIndexOf('/') + 1);
  // Keras calls the kernel of a depthwise convolution `kernel`.
  const isKernel = name === 'depthwise_kernel' && spec.layer !== 'SeparableConv2D';
  return `${spec.inner === null ? '' : `${index} `}${isKernel ? 'kernel' : name}`;
}

/** Keras lists a layer's weights in the same order as tfjs-layers. */
function setWeights(callable: CallableLayer, { name, weights }: LayerCase): void {
  callable.layer.setWeights(
    weights.map(({ name: weight, shape }) => {
      const [low, high] = weight === 'moving_variance' ? [0.5, 1.5] : [-1, 1];
      return tf.tensor(draw(0, [name, weight], shape, low, high), shape);
    }),
  );
}

/** The results of a case in `reference/data/layers.safetensors`. */
export function referenceOf(spec: LayerCase, all: StateDict): StateDict {
  const prefix = `${spec.name}/`;
  return new Map(
    [...all].flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}
