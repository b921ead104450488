type Shape4D = [number, number, number, number];

/** A convolution of the auto-encoder: image `[batch, height, width, channels]` and filter. */
export interface ConvLayer {
  readonly name: string;
  /** The larger side: input of a convolution, output of a transposed one. */
  readonly image: Shape4D;
  /** `[height, width, channels of the image, channels of the code side]` */
  readonly filter: Shape4D;
  readonly strides: number;
  readonly pad: 'valid' | 'same';
}

export const ENCODER: readonly ConvLayer[] = [
  layer('conv1', [32, 28, 28, 1], [4, 4, 1, 32]),
  layer('conv2', [32, 13, 13, 32], [4, 4, 32, 64]),
  layer('conv3', [32, 5, 5, 64], [4, 4, 64, 128]),
];

export const DECODER: readonly ConvLayer[] = [
  layer('dec1', [32, 5, 5, 128], [5, 5, 128, 64]),
  layer('dec2', [32, 13, 13, 64], [5, 5, 64, 128]),
  layer('dec3', [32, 28, 28, 1], [4, 4, 1, 64]),
];

/** Layers of larger networks. */
const LARGER: readonly ConvLayer[] = [1, 128].map((batch) => ({
  ...layer(`56x56x64-3x3-b${batch}`, [batch, 56, 56, 64], [3, 3, 64, 64]),
  strides: 1,
  pad: 'same',
}));

export const CONVOLUTIONS: readonly ConvLayer[] = [...ENCODER, ...LARGER];
export const ALL: readonly ConvLayer[] = [...ENCODER, ...DECODER, ...LARGER];

function layer(name: string, image: Shape4D, filter: Shape4D): ConvLayer {
  return { name, image, filter, strides: 2, pad: 'valid' };
}

/** `[batch, height, width, channels]` of the smaller side. */
export function codeShape({ image, filter, strides, pad }: ConvLayer): Shape4D {
  const size = (length: number, window: number) =>
    pad === 'same' ? Math.ceil(length / strides) : Math.ceil((length - window + 1) / strides);
  return [image[0], size(image[1], filter[0]), size(image[2], filter[1]), filter[3]];
}

/** Multiplications and additions of one pass in any direction. */
export function layerFlops(layer: ConvLayer): number {
  const positions = codeShape(layer)[0] * codeShape(layer)[1] * codeShape(layer)[2];
  return 2 * positions * layer.filter.reduce((a, b) => a * b, 1);
}

/** Whether tfjs's own backends compute it in less than about a second. */
export function isSmall(layer: ConvLayer): boolean {
  return layerFlops(layer) < 2e7;
}
