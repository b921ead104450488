import { layers as tfjsLayers } from '@tensorflow/tfjs-layers';
import { activation, elu, leakyReLU, reLU, softmax } from './activation-layers.js';
import { conv1d, conv2d, depthwiseConv2d } from './convolutions.js';
import { kerasArguments } from './keras-arguments.js';
import { batchNormalization, layerNormalization } from './normalization.js';
import {
  averagePooling1d,
  averagePooling2d,
  averagePooling3d,
  globalAveragePooling1d,
  globalAveragePooling2d,
  globalMaxPooling1d,
  globalMaxPooling2d,
} from './pooling.js';
import { bidirectional, gru, lstm, simpleRNN } from './recurrent.js';
import { conv1dTranspose, conv2dTranspose, conv3dTranspose } from './transposed-convolutions.js';
import { upSampling2d } from './up-sampling.js';

type Renewed = 'dense' | 'conv3d' | 'separableConv2d';

/** Of these only defaults and the meaning of some activations differ. */
function renewed<Name extends Renewed>(
  name: Name,
  kernels?: readonly string[],
): (typeof tfjsLayers)[Name] {
  const make = tfjsLayers[name] as (args: object) => unknown;
  return ((args: object) => make(kerasArguments(args, kernels))) as (typeof tfjsLayers)[Name];
}

interface Repaired extends Pick<typeof tfjsLayers, Renewed> {
  readonly activation: typeof activation;
  readonly averagePooling1d: typeof averagePooling1d;
  readonly averagePooling2d: typeof averagePooling2d;
  readonly averagePooling3d: typeof averagePooling3d;
  readonly batchNormalization: typeof batchNormalization;
  readonly bidirectional: typeof bidirectional;
  readonly conv1d: typeof conv1d;
  readonly conv1dTranspose: typeof conv1dTranspose;
  readonly conv2d: typeof conv2d;
  readonly conv2dTranspose: typeof conv2dTranspose;
  readonly conv3dTranspose: typeof conv3dTranspose;
  readonly depthwiseConv2d: typeof depthwiseConv2d;
  readonly elu: typeof elu;
  readonly globalAveragePooling1d: typeof globalAveragePooling1d;
  readonly globalAveragePooling2d: typeof globalAveragePooling2d;
  readonly globalMaxPooling1d: typeof globalMaxPooling1d;
  readonly globalMaxPooling2d: typeof globalMaxPooling2d;
  readonly gru: typeof gru;
  readonly layerNormalization: typeof layerNormalization;
  readonly leakyReLU: typeof leakyReLU;
  readonly lstm: typeof lstm;
  readonly reLU: typeof reLU;
  readonly simpleRNN: typeof simpleRNN;
  readonly softmax: typeof softmax;
  readonly upSampling2d: typeof upSampling2d;
}

const repaired: Repaired = {
  activation,
  averagePooling1d,
  averagePooling2d,
  averagePooling3d,
  batchNormalization,
  bidirectional,
  conv1d,
  conv1dTranspose,
  conv2d,
  conv2dTranspose,
  conv3d: renewed('conv3d'),
  conv3dTranspose,
  dense: renewed('dense'),
  depthwiseConv2d,
  elu,
  globalAveragePooling1d,
  globalAveragePooling2d,
  globalMaxPooling1d,
  globalMaxPooling2d,
  gru,
  layerNormalization,
  leakyReLU,
  lstm,
  separableConv2d: renewed('separableConv2d', ['depthwiseInitializer', 'pointwiseInitializer']),
  reLU,
  simpleRNN,
  softmax,
  upSampling2d,
};

/** The factories of tfjs-layers' `layers`, those that differ from Keras 3 replaced. */
export const layers: Omit<typeof tfjsLayers, keyof Repaired> & Repaired = {
  ...tfjsLayers,
  ...repaired,
};
