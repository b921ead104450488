import * as tf from '@tensorflow/tfjs-core';
import { layers, type RNN } from '@tensorflow/tfjs-layers';
import { type Inside, inside, withMethods } from './inside.js';
import { kerasArguments } from './keras-arguments.js';

type SimpleRnnArgs = Parameters<typeof layers.simpleRNN>[0];
type SimpleRnnCellArgs = Parameters<typeof layers.simpleRNNCell>[0];
type LstmCellArgs = Parameters<typeof layers.lstmCell>[0];
type GruCellArgs = Parameters<typeof layers.gruCell>[0];
type ConvLstmArgs = Parameters<typeof layers.convLstm2d>[0];
type LstmArgs = Parameters<typeof layers.lstm>[0];
type BidirectionalArgs = Parameters<typeof layers.bidirectional>[0];
type TfjsGruArgs = Parameters<typeof layers.gru>[0];

/** Arguments of `layers.gru`. */
export type GruArgs = TfjsGruArgs & {
  /** Whether the reset gate is applied after the matrix product; true, as in Keras 3. */
  resetAfter?: boolean;
};

/** Keras's `SimpleRNN`. */
export function simpleRNN(args: SimpleRnnArgs): RNN {
  return layers.simpleRNN(kerasArguments(args));
}

/** Keras's `SimpleRNNCell`. */
export function simpleRNNCell(args: SimpleRnnCellArgs): ReturnType<typeof layers.simpleRNNCell> {
  return layers.simpleRNNCell(kerasArguments(args));
}

/** What Keras's layers with an LSTM's gates begin with. */
const LSTM_DEFAULTS = { recurrentActivation: 'sigmoid', unitForgetBias: true } as const;

/** Keras's `LSTM`: gates are sigmoids, not hard ones, and the forget gate begins open. */
export function lstm(args: LstmArgs): RNN {
  return layers.lstm(kerasArguments({ ...LSTM_DEFAULTS, ...args }));
}

/** Keras's `LSTMCell`, for `layers.rnn({ cell })`. */
export function lstmCell(args: LstmCellArgs): ReturnType<typeof layers.lstmCell> {
  return layers.lstmCell(kerasArguments({ ...LSTM_DEFAULTS, ...args }));
}

/** Keras's `ConvLSTM2D`. */
export function convLstm2d(args: ConvLstmArgs): ReturnType<typeof layers.convLstm2d> {
  return layers.convLstm2d(kerasArguments({ ...LSTM_DEFAULTS, ...args }));
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
  applyResetAfter(cellOf(layer), args);
  resetAfterLayers.add(layer);
  return layer;
}

/** Keras's `GRUCell`, for `layers.rnn({ cell })`; see `layers.gru`. */
export function gruCell(args: GruCellArgs): ReturnType<typeof layers.gruCell> {
  const { resetAfter = true, ...rest } = args;
  const cell = layers.gruCell(kerasArguments({ recurrentActivation: 'sigmoid', ...rest }));
  if (resetAfter) applyResetAfter(cell, args);
  return cell;
}

/**
 * Keras's `Bidirectional`. tfjs-layers makes its two layers from the configuration of
 * the given one, which does not know of `resetAfter`.
 */
export function bidirectional(args: BidirectionalArgs): ReturnType<typeof layers.bidirectional> {
  const wrapper = layers.bidirectional(args);
  if (resetAfterLayers.has(args.layer)) {
    const { forwardLayer, backwardLayer } = wrapper as unknown as Record<string, object>;
    applyResetAfter(cellOf(forwardLayer!), {});
    applyResetAfter(cellOf(backwardLayer!), {});
  }
  return wrapper;
}

const resetAfterLayers = new WeakSet<object>();

function cellOf(layer: object): layers.Layer {
  return (layer as { cell: layers.Layer }).cell;
}

function applyResetAfter(
  cell: layers.Layer,
  { dropout, recurrentDropout }: { dropout?: number; recurrentDropout?: number },
): void {
  if (dropout || recurrentDropout) {
    throw new Error(
      'gru: dropout inside the cell needs `resetAfter: false`. Or put layers.dropout before it.',
    );
  }
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
