import { type CallableLayer, layer } from '@ae/layer-dict';
import { layers as ours } from '@ae/layers';
import type { StateDict } from '@ae/module';
import { valueAndGradients } from '@ae/train';
import * as tf from '@tensorflow/tfjs-core';
import { layers as theirs } from '@tensorflow/tfjs-layers';
import { draw, sizeOf } from './reference.js';

/** A case of `reference/layer_cases.py`, as `reference/layers.py` wrote it down. */
export interface LayerCase {
  readonly name: string;
  readonly layer: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly { shape: number[]; bound?: number }[];
  readonly training: boolean;
  readonly weights: readonly { name: string; shape: number[] }[];
}

/** Whose factories make the layer. */
export const FACTORIES: Readonly<Record<'ours' | 'theirs', object>> = { ours, theirs };

/** Names that tfjs-layers does not spell as Keras does. */
const NAMES: Readonly<Record<string, string>> = {
  ELU: 'elu',
  GRU: 'gru',
  LSTM: 'lstm',
  LeakyReLU: 'leakyReLU',
  PReLU: 'prelu',
  ReLU: 'reLU',
  SimpleRNN: 'simpleRNN',
  Cropping2D: 'cropping2D',
};

/** `Conv2DTranspose` -> `conv2dTranspose`. */
function factoryName(className: string): string {
  const lower = className.replace(/(\d)D/, '$1d');
  return NAMES[className] ?? lower[0]!.toLowerCase() + lower.slice(1);
}

const camelCase = (name: string): string =>
  name.replace(/_(\w)/g, (_, c: string) => c.toUpperCase());

function argumentsOf({ config }: LayerCase): object {
  const entries = Object.entries(config).map(([key, value]) => {
    const isName = typeof value === 'string' && /activation$/.test(key);
    return [camelCase(key), isName ? camelCase(value) : value];
  });
  return Object.fromEntries(entries);
}

/** The layer of a case; throws when there is no factory for it. */
export function makeLayer(spec: LayerCase, factories: keyof typeof FACTORIES): CallableLayer {
  const made = FACTORIES[factories] as Readonly<
    Record<string, ((args: object) => never) | undefined>
  >;
  const factory = made[factoryName(spec.layer)];
  if (factory === undefined) throw new Error(`there is no layers.${factoryName(spec.layer)}`);
  return layer(factory, argumentsOf(spec) as never);
}

function makeInputs({ name, inputs }: LayerCase): tf.Tensor[] {
  return inputs.map(({ shape, bound }, index) => {
    if (bound === undefined) return tf.tensor(draw(0, [name, `input ${index}`], shape), shape);
    const numbers = Int32Array.from({ length: sizeOf(shape) }, (_, i) => (i * 5) % bound);
    return tf.tensor(numbers, shape, 'int32');
  });
}

/** tfjs-layers' name for a weight, and Keras's. */
const toKeras = (name: string): string => (name === 'depthwise_kernel' ? 'kernel' : name);

/** What `reference/layers.py` computes of a case, under the same names. */
export function runCase(
  spec: LayerCase,
  factories: keyof typeof FACTORIES,
  cotangentShape: readonly number[],
): Map<string, { shape: number[]; data: ArrayLike<number> }> {
  const results = new Map<string, { shape: number[]; data: ArrayLike<number> }>();
  const keep = (name: string, tensor: tf.Tensor): void => {
    results.set(name, { shape: tensor.shape, data: tensor.dataSync().slice() });
  };
  tf.engine().startScope();
  try {
    const callable = makeLayer(spec, factories);
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
    const isSeparable = spec.layer === 'SeparableConv2D';
    for (const { originalName, val } of weightsOf(callable, '_trainableWeights')) {
      const name = originalName.slice(originalName.lastIndexOf('/') + 1);
      sources.set(isSeparable ? name : toKeras(name), val);
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
      for (const { originalName, val } of weightsOf(callable, '_nonTrainableWeights')) {
        keep(`after ${originalName.slice(originalName.lastIndexOf('/') + 1)}`, val);
      }
    }
    callable.layer.dispose();
    tf.dispose([...sources.values()]);
  } finally {
    tf.engine().endScope();
  }
  return results;
}

interface LayerVariable {
  readonly originalName: string;
  readonly val: tf.Variable;
}

function weightsOf(
  callable: CallableLayer,
  kind: '_trainableWeights' | '_nonTrainableWeights',
): readonly LayerVariable[] {
  const layer = callable.layer as unknown as Readonly<Record<string, unknown>>;
  const owner = (layer.cell ?? layer) as Readonly<Record<typeof kind, LayerVariable[]>>;
  return owner[kind];
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
