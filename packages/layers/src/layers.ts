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
import {
  bidirectional,
  convLstm2d,
  gru,
  gruCell,
  lstm,
  lstmCell,
  simpleRNN,
  simpleRNNCell,
} from './recurrent.js';
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
  readonly convLstm2d: typeof convLstm2d;
  readonly depthwiseConv2d: typeof depthwiseConv2d;
  readonly elu: typeof elu;
  readonly globalAveragePooling1d: typeof globalAveragePooling1d;
  readonly globalAveragePooling2d: typeof globalAveragePooling2d;
  readonly globalMaxPooling1d: typeof globalMaxPooling1d;
  readonly globalMaxPooling2d: typeof globalMaxPooling2d;
  readonly gru: typeof gru;
  readonly gruCell: typeof gruCell;
  readonly layerNormalization: typeof layerNormalization;
  readonly leakyReLU: typeof leakyReLU;
  readonly lstm: typeof lstm;
  readonly lstmCell: typeof lstmCell;
  readonly reLU: typeof reLU;
  readonly simpleRNN: typeof simpleRNN;
  readonly simpleRNNCell: typeof simpleRNNCell;
  readonly softmax: typeof softmax;
  readonly upSampling2d: typeof upSampling2d;
  readonly avgPool1d: typeof averagePooling1d;
  readonly avgPool2d: typeof averagePooling2d;
  readonly avgPool3d: typeof averagePooling3d;
  readonly avgPooling1d: typeof averagePooling1d;
  readonly avgPooling2d: typeof averagePooling2d;
  readonly avgPooling3d: typeof averagePooling3d;
  readonly globalMaxPool1d: typeof globalMaxPooling1d;
  readonly globalMaxPool2d: typeof globalMaxPooling2d;
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
  convLstm2d,
  dense: renewed('dense'),
  depthwiseConv2d,
  elu,
  globalAveragePooling1d,
  globalAveragePooling2d,
  globalMaxPooling1d,
  globalMaxPooling2d,
  gru,
  gruCell,
  layerNormalization,
  leakyReLU,
  lstm,
  lstmCell,
  separableConv2d: renewed('separableConv2d', ['depthwiseInitializer', 'pointwiseInitializer']),
  reLU,
  simpleRNN,
  simpleRNNCell,
  softmax,
  upSampling2d,
  // Other names that tfjs-layers has for them.
  avgPool1d: averagePooling1d,
  avgPool2d: averagePooling2d,
  avgPool3d: averagePooling3d,
  avgPooling1d: averagePooling1d,
  avgPooling2d: averagePooling2d,
  avgPooling3d: averagePooling3d,
  globalMaxPool1d: globalMaxPooling1d,
  globalMaxPool2d: globalMaxPooling2d,
};

/** The factories of tfjs-layers' `layers`, those that differ from Keras 3 replaced. */
export const layers: Omit<typeof tfjsLayers, keyof Repaired> & Repaired = {
  ...tfjsLayers,
  ...repaired,
};
