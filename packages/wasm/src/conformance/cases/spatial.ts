import type { Case, Cases, Operand } from '../operands.js';
import { exactly, floats, ints } from '../operands.js';

const PADS = ['valid', 'same', 1] as const;

interface Window {
  shape: number[];
  filter: number[];
  strides: number[];
  dilations: number[];
}

const WINDOWS: Window[] = [
  { shape: [2, 7, 8, 3], filter: [3, 3, 3, 5], strides: [1, 1], dilations: [1, 1] },
  { shape: [1, 9, 6, 1], filter: [4, 4, 1, 4], strides: [2, 2], dilations: [1, 1] },
  { shape: [2, 7, 8, 2], filter: [2, 3, 2, 3], strides: [1, 1], dilations: [2, 1] },
  { shape: [1, 8, 8, 2], filter: [1, 1, 2, 3], strides: [3, 3], dilations: [1, 1] },
];

const output = (
  size: number,
  filter: number,
  stride: number,
  dilation: number,
  pad: string | number,
): number => {
  const extent = (filter - 1) * dilation + 1;
  if (pad === 'same') return Math.ceil(size / stride);
  return Math.floor((size - extent + (pad === 'valid' ? 0 : 2 * Number(pad))) / stride) + 1;
};

function mapped(
  make: (window: Window, pad: string | number, outShape: number[]) => Case,
  windows = WINDOWS,
): Case[] {
  return windows.flatMap((window) =>
    PADS.map((pad) => {
      const { shape, filter, strides, dilations } = window;
      const [height, width] = [0, 1].map((i) =>
        output(shape[i + 1]!, filter[i]!, strides[i]!, dilations[i]!, pad),
      );
      return make(window, pad, [shape[0]!, height!, width!, filter[3]!]);
    }),
  );
}

const common = { dimRoundingMode: undefined, dataFormat: 'NHWC' };
const depthFilter = (filter: number[]): number[] => [...filter.slice(0, 3), 2];
/** The CPU backend's gradients take no account of dilation. */
const DENSE_WINDOWS = WINDOWS.filter(({ dilations }) => dilations.every((each) => each === 1));

const pool = (sizes: [number[], number[], number[]][], names: { input?: string } = {}): Case[] =>
  sizes.flatMap(([shape, filterSize, strides]) =>
    (['valid', 'same'] as const).map((pad) => ({
      inputs: { [names.input ?? 'x']: floats(shape) },
      attrs: { filterSize, strides, pad, dimRoundingMode: undefined, dataFormat: 'NDHWC' },
    })),
  );

const POOLS: [number[], number[], number[]][] = [
  [
    [2, 6, 7, 3],
    [2, 2],
    [2, 2],
  ],
  [
    [1, 7, 5, 1],
    [3, 2],
    [1, 2],
  ],
  [
    [1, 5, 5, 17],
    [3, 3],
    [2, 2],
  ],
  [
    [1, 6, 6, 2],
    [1, 1],
    [1, 1],
  ],
  [
    [1, 6, 6, 2],
    [1, 1],
    [2, 2],
  ],
  [
    [1, 7, 7, 2],
    [2, 2],
    [3, 3],
  ],
];
const POOLS_3D: [number[], number[], number[]][] = [
  [
    [2, 4, 5, 6, 2],
    [2, 2, 2],
    [2, 2, 2],
  ],
  [
    [1, 4, 4, 4, 3],
    [3, 2, 1],
    [1, 2, 1],
  ],
];

const CUBES: typeof POOLS_3D = [
  [
    [2, 4, 5, 6, 2],
    [2, 2, 2],
    [2, 2, 2],
  ],
  [
    [1, 4, 5, 4, 5],
    [3, 3, 3],
    [1, 2, 1],
  ],
];

function poolGradient(sizes: [number[], number[], number[]][], withOutput: boolean): Case[] {
  return sizes.flatMap(([shape, filterSize, strides]) =>
    (['valid', 'same'] as const).map((pad) => {
      const outer = shape
        .slice(1, -1)
        .map((size, i) => output(size, filterSize[i]!, strides[i]!, 1, pad));
      const outShape = [shape[0]!, ...outer, shape.at(-1)!];
      const inputs: Record<string, Operand> = { dy: floats(outShape), input: floats(shape) };
      if (withOutput) inputs.output = floats(outShape);
      return { inputs, attrs: { filterSize, strides, pad, dimRoundingMode: undefined } };
    }),
  );
}

const resize = (name: string): Case[] => [
  {
    inputs: { [name]: ints([1, 3, 3, 2]) },
    attrs: { size: [5, 4], alignCorners: false, halfPixelCenters: false },
  },
  ...[
    [
      [2, 3, 4, 2],
      [6, 8],
    ],
    [
      [1, 5, 7, 3],
      [3, 2],
    ],
    [
      [1, 4, 4, 1],
      [4, 4],
    ],
    [
      [1, 1, 1, 2],
      [3, 3],
    ],
  ].flatMap(([shape, size]) =>
    [
      [false, false],
      [true, false],
      [false, true],
    ].map(([alignCorners, halfPixelCenters]) => ({
      inputs: { [name]: floats(shape!) },
      attrs: { size, alignCorners, halfPixelCenters },
    })),
  ),
];
// Square images, one at a time: the CPU backend swaps height and width of the one gradient, and
// reads the other's first image for all.
const resizeGradient = (): Case[] =>
  [
    [
      [1, 4, 4, 2],
      [1, 8, 6, 2],
    ],
    [
      [1, 5, 5, 3],
      [1, 3, 2, 3],
    ],
  ].flatMap(([shape, outShape]) =>
    [false, true].map((alignCorners) => ({
      inputs: { images: floats(shape!), dy: floats(outShape!) },
      attrs: { alignCorners },
    })),
  );

const boxes = exactly([0, 0, 1, 1, 0.1, 0.2, 0.8, 0.9, 0.5, 0.5, 1.4, 1.2], [3, 4]);
const overlapping = exactly(
  [0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, -0.1, 1, 0.9, 0, 10, 1, 11, 0, 10.1, 1, 11.1, 0, 100, 1, 101],
  [6, 4],
);
const scores = exactly([0.9, 0.75, 0.6, 0.95, 0.5, 0.3]);
const suppression = { maxOutputSize: 4, iouThreshold: 0.5, scoreThreshold: 0.2 };

export const spatial: Cases = {
  Conv2D: mapped(({ shape, filter, ...rest }, pad) => ({
    inputs: { x: floats(shape), filter: floats(filter) },
    attrs: { ...common, ...rest, pad },
    tolerance: 1e-5,
  })),
  FusedConv2D: ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'].flatMap(
    (activation) =>
      mapped(({ shape, filter, ...rest }, pad) => ({
        inputs: {
          x: floats(shape),
          filter: floats(filter),
          bias: floats([filter[3]!]),
          ...(activation === 'prelu' ? { preluActivationWeights: floats([filter[3]!]) } : {}),
        },
        attrs: { ...common, ...rest, pad, activation, leakyreluAlpha: 0.1 },
        tolerance: 1e-5,
      })),
  ),
  Conv2DBackpropFilter: mapped(
    ({ shape, filter, strides }, pad, outShape) => ({
      inputs: { x: floats(shape), dy: floats(outShape) },
      attrs: { ...common, strides, pad, filterShape: filter },
      tolerance: 1e-5,
    }),
    DENSE_WINDOWS,
  ),
  Conv2DBackpropInput: mapped(
    ({ shape, filter, strides }, pad, outShape) => ({
      inputs: { dy: floats(outShape), filter: floats(filter) },
      attrs: { ...common, strides, pad, inputShape: shape },
      tolerance: 1e-5,
    }),
    DENSE_WINDOWS,
  ),
  DepthwiseConv2dNative: mapped(({ shape, filter, ...rest }, pad) => ({
    inputs: { x: floats(shape), filter: floats(depthFilter(filter)) },
    attrs: { ...common, ...rest, pad },
    tolerance: 1e-5,
  })),
  FusedDepthwiseConv2D: ['linear', 'relu', 'relu6', 'elu'].flatMap((activation) =>
    mapped(({ shape, filter, ...rest }, pad) => ({
      inputs: {
        x: floats(shape),
        filter: floats(depthFilter(filter)),
        bias: floats([2 * filter[2]!]),
      },
      attrs: { ...common, ...rest, pad, activation, leakyreluAlpha: 0.1 },
      tolerance: 1e-5,
    })),
  ),
  DepthwiseConv2dNativeBackpropFilter: mapped(
    ({ shape, filter, ...rest }, pad, outShape) => ({
      inputs: { x: floats(shape), dy: floats([...outShape.slice(0, 3), 2 * filter[2]!]) },
      attrs: { ...common, ...rest, pad, filterShape: depthFilter(filter) },
      tolerance: 1e-5,
    }),
    DENSE_WINDOWS,
  ),
  DepthwiseConv2dNativeBackpropInput: mapped(
    ({ shape, filter, ...rest }, pad, outShape) => ({
      inputs: {
        dy: floats([...outShape.slice(0, 3), 2 * filter[2]!]),
        filter: floats(depthFilter(filter)),
      },
      attrs: { ...common, ...rest, pad, inputShape: shape },
      tolerance: 1e-5,
    }),
    DENSE_WINDOWS,
  ),
  Conv3D: (['valid', 'same'] as const).map((pad) => ({
    inputs: { x: floats([2, 4, 5, 6, 2]), filter: floats([2, 3, 2, 2, 3]) },
    attrs: { strides: [1, 2, 1], pad, dilations: [1, 1, 1], dataFormat: 'NDHWC' },
    tolerance: 1e-5,
  })),
  Conv3DBackpropFilterV2: (['valid', 'same'] as const).map((pad) => ({
    inputs: {
      x: floats([2, 4, 5, 6, 2]),
      dy: floats(pad === 'same' ? [2, 4, 3, 6, 3] : [2, 3, 2, 5, 3]),
    },
    attrs: { strides: [1, 2, 1], pad, filterShape: [2, 3, 2, 2, 3] },
    tolerance: 1e-5,
  })),
  Conv3DBackpropInputV2: (['valid', 'same'] as const).map((pad) => ({
    inputs: {
      dy: floats(pad === 'same' ? [2, 4, 3, 6, 3] : [2, 3, 2, 5, 3]),
      filter: floats([2, 3, 2, 2, 3]),
    },
    attrs: { strides: [1, 2, 1], pad, inputShape: [2, 4, 5, 6, 2] },
    tolerance: 1e-5,
  })),
  Dilation2D: (['valid', 'same'] as const).map((pad) => ({
    inputs: { x: floats([2, 6, 7, 3]), filter: floats([2, 3, 3]) },
    attrs: { strides: [1, 2], pad, dilations: [2, 1] },
  })),
  Dilation2DBackpropInput: [
    {
      inputs: { x: floats([2, 6, 7, 3]), filter: floats([2, 3, 3]), dy: floats([2, 5, 3, 3]) },
      attrs: { strides: [1, 2], pad: 'valid', dilations: [1, 1] },
    },
  ],
  Dilation2DBackpropFilter: [
    {
      inputs: { x: floats([2, 6, 7, 3]), filter: floats([2, 3, 3]), dy: floats([2, 5, 3, 3]) },
      attrs: { strides: [1, 2], pad: 'valid', dilations: [1, 1] },
    },
  ],
  AvgPool: pool(POOLS),
  MaxPool: pool(POOLS),
  AvgPool3D: pool(POOLS_3D),
  MaxPool3D: pool(POOLS_3D),
  AvgPoolGrad: poolGradient(POOLS, false),
  MaxPoolGrad: poolGradient(POOLS, true),
  AvgPool3DGrad: poolGradient(POOLS_3D, false),
  // The CPU backend mixes up the axes of windows that are not cubes.
  MaxPool3DGrad: poolGradient(CUBES, true),
  MaxPoolWithArgmax: [false, true].flatMap((includeBatchInIndex) =>
    pool(POOLS.slice(0, 3)).map(({ inputs, attrs }) => ({
      inputs,
      attrs: { ...attrs, includeBatchInIndex },
    })),
  ),
  LRN: [
    {
      inputs: { x: floats([2, 3, 3, 7]) },
      attrs: { depthRadius: 2, bias: 1, alpha: 0.5, beta: 0.75 },
    },
  ],
  LRNGrad: [
    {
      inputs: { x: floats([2, 3, 3, 7]), y: floats([2, 3, 3, 7]), dy: floats([2, 3, 3, 7]) },
      attrs: { depthRadius: 2, bias: 1, alpha: 0.5, beta: 0.75 },
    },
  ],
  FusedBatchNorm: [
    [2, 3, 3, 5],
    [7, 4],
  ].map((shape) => ({
    inputs: {
      x: floats(shape),
      mean: floats([shape.at(-1)!]),
      variance: floats([shape.at(-1)!], 0.1, 2),
      offset: floats([shape.at(-1)!]),
      scale: floats([shape.at(-1)!]),
    },
    attrs: { varianceEpsilon: 1e-3 },
    tolerance: 1e-5,
  })),
  ResizeBilinear: resize('images'),
  ResizeNearestNeighbor: resize('images'),
  ResizeBilinearGrad: resizeGradient(),
  ResizeNearestNeighborGrad: resizeGradient(),
  CropAndResize: (['bilinear', 'nearest'] as const).map((method) => ({
    inputs: {
      image: floats([2, 5, 6, 3]),
      boxes,
      boxInd: exactly([0, 1, 0], [3], 'int32'),
    },
    attrs: { cropSize: [3, 4], method, extrapolationValue: 0.5 },
  })),
  FlipLeftRight: [
    { inputs: { image: floats([2, 3, 4, 3]) } },
    { inputs: { image: ints([2, 3, 4, 3]) } },
  ],
  RotateWithOffset: [
    {
      inputs: { image: floats([1, 5, 6, 3]) },
      attrs: { radians: 0.4, fillValue: 0.5, center: 0.5 },
    },
    {
      inputs: { image: floats([1, 5, 6, 3]) },
      attrs: { radians: 1, fillValue: [1, 2, 3], center: [0.3, 0.6] },
    },
  ],
  Transform: ['nearest', 'bilinear'].flatMap((interpolation) =>
    ['constant', 'reflect', 'wrap', 'nearest'].map((fillMode) => ({
      inputs: {
        image: floats([1, 5, 6, 2]),
        transforms: exactly([1, 0.2, -0.5, 0.1, 0.9, 0.4, 0, 0], [1, 8]),
      },
      attrs: { interpolation, fillMode, fillValue: 0.5, outputShape: [5, 6] },
      tolerance: 1e-5,
    })),
  ),
  NonMaxSuppressionV3: [{ inputs: { boxes: overlapping, scores }, attrs: suppression }],
  NonMaxSuppressionV4: [
    {
      inputs: { boxes: overlapping, scores },
      attrs: { ...suppression, padToMaxOutputSize: true },
    },
  ],
  NonMaxSuppressionV5: [
    { inputs: { boxes: overlapping, scores }, attrs: { ...suppression, softNmsSigma: 0.5 } },
  ],
  BatchMatMul: [false, true].flatMap((transposeA) =>
    [false, true].flatMap((transposeB) =>
      [
        [
          [3, 4, 5],
          [3, 5, 2],
        ],
        [
          [1, 7, 5],
          [4, 5, 3],
        ],
        [
          [1, 17, 33],
          [1, 33, 18],
        ],
      ].flatMap(([a, b]) =>
        [floats, (shape: number[]) => ints(shape)].map((make) => ({
          inputs: {
            a: make(transposeA ? [a![0]!, a![2]!, a![1]!] : a!),
            b: make(transposeB ? [b![0]!, b![2]!, b![1]!] : b!),
          },
          attrs: { transposeA, transposeB },
          tolerance: 1e-5,
        })),
      ),
    ),
  ),
  _FusedMatMul: ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'].flatMap((activation) =>
    [false, true].map((transposeB) => ({
      inputs: {
        a: floats([1, 5, 70]),
        b: floats(transposeB ? [1, 6, 70] : [1, 70, 6]),
        bias: floats([6]),
      },
      attrs: { transposeA: false, transposeB, activation, leakyreluAlpha: 0.1 },
      tolerance: 1e-5,
    })),
  ),
  Einsum: (
    [
      ['ij,jk->ik', [3, 4], [4, 5]],
      ['bij,bjk->bik', [2, 3, 4], [2, 4, 5]],
      ['ij->ji', [3, 4]],
      ['ij->', [3, 4]],
      ['ij->j', [3, 4]],
      ['i,j->ij', [3], [4]],
      ['ij,ij->', [3, 4], [3, 4]],
      ['bhid,bhjd->bhij', [2, 2, 3, 4], [2, 2, 5, 4]],
      ['abc,cd->abd', [2, 3, 4], [4, 5]],
      ['abc,bad->dc', [2, 3, 4], [3, 2, 5]],
    ] as [string, number[], number[]?][]
  ).map(([equation, a, b]) => ({
    inputs: b ? [floats(a), floats(b)] : [floats(a)],
    attrs: { equation },
    tolerance: 1e-5,
  })),
};
