import * as tf from '@tensorflow/tfjs-core';
import { layers, type RNN } from '@tensorflow/tfjs-layers';
import { type Inside, inside, withMethods } from './inside.js';
import { kerasArguments } from './keras-arguments.js';

type SimpleRnnArgs = Parameters<typeof layers.simpleRNN>[0];
type LstmArgs = Parameters<typeof layers.lstm>[0];
type BidirectionalArgs = Parameters<typeof layers.bidirectional>[0];
type TfjsGruArgs = Parameters<typeof layers.gru>[0];

/** Arguments of {@link gru}. */
export type GruArgs = TfjsGruArgs & {
  /** Whether the reset gate is applied after the matrix product; true, as in Keras 3. */
  resetAfter?: boolean;
};

/** Keras's `SimpleRNN`. */
export function simpleRNN(args: SimpleRnnArgs): RNN {
  return layers.simpleRNN(kerasArguments(args));
}

/** Keras's `LSTM`: gates are sigmoids, not hard ones, and the forget gate begins open. */
export function lstm(args: LstmArgs): RNN {
  return layers.lstm(
    kerasArguments({ recurrentActivation: 'sigmoid', unitForgetBias: true, ...args }),
  );
}

/**
 * Keras's `GRU`: gates are sigmoids, and the reset gate is applied after the matrix
 * product (`resetAfter`), for which there are two biases, `[2, 3 * units]`.
 *
 * @throws Error for dropout together with `resetAfter`
 */
export function gru(args: GruArgs): RNN {
  const { resetAfter = true, ...rest } = args;
  const layer = layers.gru(kerasArguments({ recurrentActivation: 'sigmoid', ...rest }));
  if (!resetAfter) return layer;
  if (args.dropout || args.recurrentDropout) {
    throw new Error(
      'gru: dropout inside the cell needs `resetAfter: false`. Or put layers.dropout before it.',
    );
  }
  applyResetAfter(layer);
  return layer;
}

/**
 * Keras's `Bidirectional`. tfjs-layers makes its two layers from the configuration of
 * the given one, which does not know of `resetAfter`.
 */
export function bidirectional(args: BidirectionalArgs): ReturnType<typeof layers.bidirectional> {
  const wrapper = layers.bidirectional(args);
  if (resetAfterLayers.has(args.layer)) {
    const { forwardLayer, backwardLayer } = wrapper as unknown as Record<string, object>;
    applyResetAfter(forwardLayer!);
    applyResetAfter(backwardLayer!);
  }
  return wrapper;
}

const resetAfterLayers = new WeakSet<object>();

function applyResetAfter(layer: object): void {
  resetAfterLayers.add(layer);
  const { cell } = layer as { cell: layers.Layer };
  const own = inside(cell);
  const width = 3 * own.units;
  withMethods(cell, {
    build: (inputShape) => {
      const channels = (inputShape as number[]).at(-1)!;
      own.kernel = own.addWeight('kernel', [channels, width], undefined, own.kernelInitializer);
      own.recurrentKernel = own.addWeight(
        'recurrent_kernel',
        [own.units, width],
        undefined,
        own.recurrentInitializer,
      );
      if (own.useBias) {
        own.bias = own.addWeight('bias', [2, width], undefined, own.biasInitializer);
      }
      own.built = true;
    },
    call: (inputs) =>
      tf.tidy(() => {
        const [input, state] = inputs as [tf.Tensor2D, tf.Tensor2D];
        const output = step(own, input, state);
        return [output, output];
      }),
  });
}

/** One step in time (Cho et al., 2014, in the form of version 3 of the paper). */
function step(cell: Inside, input: tf.Tensor2D, state: tf.Tensor2D): tf.Tensor {
  const [inputBias, stateBias] = cell.bias == null ? [] : tf.unstack(cell.bias.read());
  const gates = (x: tf.Tensor2D, kernel: tf.Tensor, bias: tf.Tensor | undefined): tf.Tensor[] => {
    const product = tf.matMul(x, kernel as tf.Tensor2D);
    return tf.split(bias === undefined ? product : tf.add(product, bias), 3, 1);
  };
  const [xUpdate, xReset, xNew] = gates(input, cell.kernel.read(), inputBias);
  const [hUpdate, hReset, hNew] = gates(state, cell.recurrentKernel.read(), stateBias);
  const update = cell.recurrentActivation.apply(tf.add(xUpdate!, hUpdate!));
  const reset = cell.recurrentActivation.apply(tf.add(xReset!, hReset!));
  const proposed = tf.add(xNew!, tf.mul(reset, hNew!));
  const fresh = cell.activation == null ? proposed : cell.activation.apply(proposed);
  return tf.add(tf.mul(update, state), tf.mul(tf.sub(1, update), fresh));
}
