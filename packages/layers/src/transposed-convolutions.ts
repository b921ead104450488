import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { biasAndActivation, inside, only, perAxis, withMethods } from './inside.js';
import { kerasArguments } from './keras-arguments.js';

type Conv1DArgs = Parameters<typeof layers.conv1d>[0];
type Conv2DTransposeArgs = Parameters<typeof layers.conv2dTranspose>[0];
type Conv3DTransposeArgs = Parameters<typeof layers.conv3dTranspose>[0];

/** Refuses what Keras has and tfjs-layers passes over in silence. */
function refuseUnknown(name: string, args: object): void {
  const { dilationRate, outputPadding } = args as Readonly<Record<string, unknown>>;
  if (outputPadding == null && [dilationRate].flat().every((rate) => rate == null || rate === 1)) {
    return;
  }
  throw new Error(
    `${name}: dilationRate and outputPadding do not exist for transposed convolutions here.`,
  );
}

/**
 * Keras's `Conv2DTranspose`.
 *
 * @throws Error for `dilationRate` and `outputPadding`, which tfjs-layers passes over in silence
 */
export function conv2dTranspose(
  args: Conv2DTransposeArgs,
): ReturnType<typeof layers.conv2dTranspose> {
  refuseUnknown('conv2dTranspose', args);
  return layers.conv2dTranspose(kerasArguments(args));
}

/** Keras's `Conv1DTranspose`, which tfjs-layers lacks: `[batch, time, channels]`. */
export function conv1dTranspose(args: Conv1DArgs): layers.Layer {
  refuseUnknown('conv1dTranspose', args);
  if (args.padding === 'causal') throw new Error("conv1dTranspose: there is no 'causal' padding.");
  const layer = layers.conv1d(kerasArguments(args));
  const own = inside(layer);
  const [size = 1] = perAxis(args.kernelSize, 1);
  const [stride = 1] = perAxis(args.strides, 1);
  const padding = args.padding === 'same' ? 'same' : 'valid';
  const lengthOf = (length: number): number =>
    length * stride + (padding === 'valid' ? Math.max(size - stride, 0) : 0);
  return withMethods(layer, {
    build: (inputShape) => {
      const channels = (inputShape as number[]).at(-1)!;
      own.kernel = own.addWeight(
        'kernel',
        [size, own.filters, channels],
        undefined,
        own.kernelInitializer,
      );
      if (own.useBias) {
        own.bias = own.addWeight('bias', [own.filters], undefined, own.biasInitializer);
      }
      own.built = true;
    },
    computeOutputShape: (inputShape) => {
      const [batch, length] = inputShape as (number | null)[];
      return [batch ?? null, length == null ? null : lengthOf(length), own.filters];
    },
    call: (inputs) =>
      tf.tidy(() => {
        const series = only(inputs);
        const [batch = 0, length = 0] = series.shape;
        const output = tf.conv2dTranspose(
          tf.expandDims(series, 1) as tf.Tensor4D,
          tf.expandDims(own.kernel.read(), 0) as tf.Tensor4D,
          [batch, 1, lengthOf(length), own.filters],
          [1, stride],
          padding,
        );
        return biasAndActivation(own, tf.squeeze(output, [1]));
      }),
  });
}

/** Keras's `Conv3DTranspose`; tfjs has no gradient for it, this registers one. */
export function conv3dTranspose(args: Conv3DTransposeArgs): layers.Layer {
  refuseUnknown('conv3dTranspose', args);
  registerConv3dTransposeGradient();
  return layers.conv3dTranspose(kerasArguments(args));
}

interface Conv3DAttributes {
  readonly strides: [number, number, number];
  readonly pad: 'valid' | 'same';
}

/** A transposed convolution is the input gradient of a convolution; its gradients are one's others. */
function registerConv3dTransposeGradient(): void {
  const kernelName = 'Conv3DBackpropInputV2';
  if (tf.getGradient(kernelName) != null) return;
  tf.registerGradient({
    kernelName,
    inputsToSave: ['dy', 'filter'],
    gradFunc: (upstream, saved, attributes) => {
      const [volume, filter] = saved as [tf.Tensor5D, tf.Tensor5D];
      const { strides, pad } = attributes as unknown as Conv3DAttributes;
      const gradient = upstream as tf.Tensor5D;
      return {
        dy: () => tf.conv3d(gradient, filter, strides, pad),
        filter: () =>
          tf
            .engine()
            .runKernel(
              'Conv3DBackpropFilterV2',
              { x: gradient, dy: volume },
              { strides, pad, filterShape: filter.shape },
            ) as tf.Tensor,
      };
    },
  });
}
