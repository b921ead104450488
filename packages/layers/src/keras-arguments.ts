import * as tf from '@tensorflow/tfjs-core';

/** Keras 3's hard sigmoid has slope 1/6; that of tfjs-layers, from Keras 2, has 1/5. */
const OURS: Readonly<Record<string, (input: tf.Tensor) => tf.Tensor>> = {
  hardSigmoid: (input) => tf.clipByValue(tf.add(tf.mul(input, 1 / 6), 0.5), 0, 1),
  exponential: tf.exp,
  silu: (input) => tf.mul(input, tf.sigmoid(input)),
};

/** Names in tfjs-layers' registry, where `hardSigmoid` keeps its meaning for everybody else. */
const registered = new Map<string, string>();

function registeredName(name: string): string {
  const known = registered.get(name);
  if (known !== undefined) return known;
  const compute = OURS[name]!;
  const className = `keras3_${name}`;
  class Activation extends tf.serialization.Serializable {
    static readonly className = className;
    getConfig(): tf.serialization.ConfigDict {
      return {};
    }
    apply(input: tf.Tensor): tf.Tensor {
      return tf.tidy(() => compute(input));
    }
  }
  tf.serialization.registerClass(Activation);
  registered.set(name, className);
  return className;
}

/**
 * A copy of a layer's arguments in which activations have Keras 3's meaning, and
 * what `kernels` names and the caller did not choose begins Glorot uniform.
 *
 * @throws Error for `groups`, which tfjs-layers passes over in silence
 */
export function kerasArguments<Args extends object>(
  args: Args,
  kernels: readonly string[] = ['kernelInitializer'],
): Args {
  const asked = args as Readonly<Record<string, unknown>>;
  const { groups = 1 } = asked;
  if (groups !== 1) {
    throw new Error(
      `layers: convolutions with groups (${groups}) do not exist here. ` +
        'With as many groups as channels it is depthwiseConv2d; else split the channels, and concatenate.',
    );
  }
  const changed: Record<string, unknown> = {};
  for (const option of ['activation', 'recurrentActivation']) {
    const name = asked[option];
    if (typeof name === 'string' && Object.hasOwn(OURS, name)) {
      changed[option] = registeredName(name);
    }
  }
  for (const option of kernels) changed[option] = asked[option] ?? 'glorotUniform';
  return { ...args, ...changed };
}
