import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { useWasm } from '../../../dist/index.js';
import { activated, activations } from '../../testing/activations.js';
import { expectClose, values } from '../../testing/values.js';

type Shape4D = [number, number, number, number];
type Info = ReturnType<typeof tf.backend_util.computeConv2DInfo>;
type Padding = 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;

interface Case {
  x: Shape4D;
  filter: Shape4D;
  strides: [number, number];
  dilations: [number, number];
  pad: Padding;
  seed: number;
}

beforeAll(() => useWasm());

/** Every multiplication of a convolution: offsets of x, filter and y. */
function forEachProduct(info: Info, visit: (x: number, filter: number, y: number) => void): void {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = info;
  for (let n = 0; n < info.batchSize; n++)
    for (let row = 0; row < outHeight; row++)
      for (let column = 0; column < outWidth; column++)
        for (let ky = 0; ky < info.filterHeight; ky++)
          for (let kx = 0; kx < info.filterWidth; kx++) {
            const y = row * info.strideHeight + ky * info.dilationHeight - padInfo.top;
            const x = column * info.strideWidth + kx * info.dilationWidth - padInfo.left;
            if (y < 0 || y >= inHeight || x < 0 || x >= inWidth) continue;
            const from = ((n * inHeight + y) * inWidth + x) * inChannels;
            const to = ((n * outHeight + row) * outWidth + column) * outChannels;
            const tap = (ky * info.filterWidth + kx) * inChannels;
            for (let i = 0; i < inChannels; i++)
              for (let o = 0; o < outChannels; o++)
                visit(from + i, (tap + i) * outChannels + o, to + o);
          }
}

const channels = fc.constantFrom(1, 3, 5, 17, 32);
const padding: fc.Arbitrary<Padding> = fc.oneof(
  fc.constantFrom<Padding>('same', 'valid', 1),
  fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3)).map(
    ([a, b, c, d]): Padding => [
      [0, 0],
      [a, b],
      [c, d],
      [0, 0],
    ],
  ),
);
const steps = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }));
const convolutions: fc.Arbitrary<Case> = fc
  .record({
    batch: fc.constantFrom(0, 1, 2, 3),
    height: fc.integer({ min: 1, max: 13 }),
    width: fc.integer({ min: 1, max: 13 }),
    inChannels: channels,
    outChannels: channels,
    filterHeight: fc.integer({ min: 1, max: 5 }),
    filterWidth: fc.integer({ min: 1, max: 5 }),
    steps,
    isDilated: fc.boolean(),
    pad: padding,
    seed: fc.nat(),
  })
  .map(
    (c): Case => ({
      x: [c.batch, c.height, c.width, c.inChannels],
      filter: [c.filterHeight, c.filterWidth, c.inChannels, c.outChannels],
      strides: c.isDilated ? [1, 1] : c.steps,
      dilations: c.isDilated ? c.steps : [1, 1],
      pad: c.pad,
      seed: c.seed,
    }),
  )
  .filter((c) => {
    const { outHeight, outWidth } = infoOf(c);
    return outHeight > 0 && outWidth > 0;
  });

function infoOf({ x, filter, strides, dilations, pad }: Case): Info {
  return tf.backend_util.computeConv2DInfo(x, filter, strides, dilations, pad);
}

function expectConvolution(c: Case): void {
  const info = infoOf(c);
  const x = values(c.x, c.seed);
  const filter = values(c.filter, c.seed + 1);
  const expected = new Float64Array(info.outShape.reduce((a, b) => a * b, 1));
  forEachProduct(info, (i, f, o) => {
    expected[o]! += x[i]! * filter[f]!;
  });
  tf.tidy(() => {
    const y = tf.conv2d(
      tf.tensor4d(x, c.x),
      tf.tensor4d(filter, c.filter),
      c.strides,
      c.pad,
      'NHWC',
      c.dilations,
    );
    expect(y.shape).toEqual(info.outShape);
    expectClose(y, expected, info.filterHeight * info.filterWidth * info.inChannels);
  });
}

test('conv2d is the sum over the window, for any shape, stride, dilation and padding', () => {
  fc.assert(fc.property(convolutions, expectConvolution), { numRuns: 150 });
});

test("'same' with a stride beyond the filter, where tfjs-backend-wasm gives zeros", () => {
  const filter: Shape4D = [1, 1, 3, 5];
  const common = { filter, dilations: [1, 1] as [number, number], pad: 'same' as const, seed: 1 };
  expectConvolution({ ...common, x: [2, 7, 7, 3], strides: [3, 3] });
  expectConvolution({ ...common, x: [1, 5, 5, 3], strides: [2, 4] });
});

test('shapes larger than one block in every direction', () => {
  const common = { strides: [1, 1] as [number, number], pad: 'same' as const, seed: 7 };
  expectConvolution({ ...common, x: [1, 16, 14, 70], filter: [3, 3, 70, 40], dilations: [1, 1] });
  expectConvolution({ ...common, x: [3, 9, 9, 300], filter: [2, 2, 300, 9], dilations: [2, 1] });
});

function expectGradients(c: Case): void {
  const info = infoOf(c);
  const x = values(c.x, c.seed);
  const filter = values(c.filter, c.seed + 1);
  const dy = values(info.outShape, c.seed + 2);
  const byX = new Float64Array(x.length);
  const byFilter = new Float64Array(filter.length);
  forEachProduct(info, (i, f, o) => {
    byX[i]! += dy[o]! * filter[f]!;
    byFilter[f]! += dy[o]! * x[i]!;
  });
  tf.tidy(() => {
    const outputs = tf.tensor4d(dy, info.outShape);
    const loss = (a: tf.Tensor, b: tf.Tensor) =>
      tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, c.strides, c.pad);
    const [dx, dw] = tf.grads(loss)(
      [tf.tensor4d(x, c.x), tf.tensor4d(filter, c.filter)],
      outputs,
    ) as [tf.Tensor, tf.Tensor];
    expectClose(dx, byX, info.filterHeight * info.filterWidth * info.outChannels);
    expectClose(dw, byFilter, info.batchSize * info.outHeight * info.outWidth);
  });
}

test('the gradients of conv2d, for any shape, stride and padding', () => {
  const undilated = convolutions.map((c): Case => ({ ...c, dilations: [1, 1] }));
  const possible = undilated.filter((c) => {
    const { outHeight, outWidth } = infoOf(c);
    return outHeight > 0 && outWidth > 0;
  });
  fc.assert(fc.property(possible, expectGradients), { numRuns: 150 });
});

test('gradients of shapes with several slices, bands, and blocks of channels', () => {
  const common = { dilations: [1, 1] as [number, number], pad: 'same' as const, seed: 3 };
  expectGradients({ ...common, x: [2, 40, 40, 1], filter: [3, 3, 1, 9], strides: [1, 1] });
  expectGradients({ ...common, x: [1, 20, 20, 64], filter: [3, 3, 64, 40], strides: [2, 2] });
  expectGradients({ ...common, x: [1, 6, 6, 130], filter: [2, 3, 130, 300], strides: [1, 1] });
  const plain = { ...common, pad: 'valid' as const };
  expectGradients({ ...plain, x: [9, 4, 3, 40], filter: [4, 3, 40, 33], strides: [1, 1] });
  expectGradients({ ...plain, x: [2, 30, 20, 12], filter: [1, 1, 12, 20], strides: [1, 1] });
});

test('gradients agree with finite differences', () => {
  fc.assert(
    fc.property(convolutions, fc.nat(), (c, pick) => {
      fc.pre(c.dilations.every((d) => d === 1) && c.x[0] > 0);
      const x = values(c.x, c.seed);
      const filter = values(c.filter, c.seed + 1);
      const loss = (a: tf.Tensor, b: tf.Tensor) =>
        tf.sum(tf.square(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, c.strides, c.pad)));
      const at = (data: Float32Array, index: number, change: number) =>
        data.map((v, i) => (i === index ? v + change : v));
      tf.tidy(() => {
        const tensors = [tf.tensor4d(x, c.x), tf.tensor4d(filter, c.filter)] as const;
        const gradients = tf.grads(loss)([...tensors]);
        [x, filter].forEach((data, which) => {
          const index = pick % data.length;
          // The loss is quadratic in each, so that central differences are exact.
          const [above, below] = [0.5, -0.5].map((change) => {
            const moved = tf.tensor4d(at(data, index, change), tensors[which]!.shape);
            const pair = which === 0 ? [moved, tensors[1]] : [tensors[0], moved];
            return loss(pair[0]!, pair[1]!).dataSync()[0]!;
          });
          const size = Math.max(1, Math.abs(above!), Math.abs(below!));
          const gradient = gradients[which]!.dataSync()[index]!;
          expect(Math.abs(above! - below! - gradient) / size).toBeLessThan(1e-4);
        });
      });
    }),
    { numRuns: 60 },
  );
});

test('conv2dTranspose and its gradients, as in a decoder', () => {
  const shape: Shape4D = [3, 5, 5, 20];
  const filterShape: Shape4D = [5, 5, 12, 20];
  const info = tf.backend_util.computeConv2DInfo([3, 13, 13, 12], filterShape, 2, 1, 'valid');
  const x = values(shape, 1);
  const filter = values(filterShape, 2);
  const dy = values([3, 13, 13, 12], 3);
  const y = new Float64Array(dy.length);
  const byX = new Float64Array(x.length);
  const byFilter = new Float64Array(filter.length);
  forEachProduct(info, (image, f, position) => {
    y[image]! += x[position]! * filter[f]!;
    byX[position]! += dy[image]! * filter[f]!;
    byFilter[f]! += dy[image]! * x[position]!;
  });
  tf.tidy(() => {
    const transposed = (a: tf.Tensor, b: tf.Tensor) =>
      tf.conv2dTranspose(a as tf.Tensor4D, b as tf.Tensor4D, [3, 13, 13, 12], 2, 'valid');
    const inputs = [tf.tensor4d(x, shape), tf.tensor4d(filter, filterShape)] as const;
    expectClose(transposed(...inputs), y, 25 * 20);
    const [dx, dw] = tf.grads(transposed)([...inputs], tf.tensor4d(dy, [3, 13, 13, 12])) as [
      tf.Tensor,
      tf.Tensor,
    ];
    expectClose(dx, byX, 25 * 12);
    expectClose(dw, byFilter, 75);
  });
});

test('fused.conv2d is conv2d, then bias, then activation', () => {
  const shapes = fc.constantFrom<('scalar' | 'vector' | 'image')[]>('scalar', 'vector', 'image');
  fc.assert(
    fc.property(
      convolutions,
      fc.constantFrom(...activations),
      fc.constantFrom('none' as const, 'scalar' as const, 'vector' as const),
      shapes,
      (c, activation, biasKind, slopeKind) => {
        const { outShape } = infoOf(c);
        const outChannels = outShape[3];
        tf.tidy(() => {
          const x = tf.tensor4d(values(c.x, c.seed), c.x);
          const filter = tf.tensor4d(values(c.filter, c.seed + 1), c.filter);
          const biasShape = biasKind === 'scalar' ? [] : [outChannels];
          const bias =
            biasKind === 'none' ? undefined : tf.tensor(values(biasShape, c.seed + 2), biasShape);
          const slopeShape = { scalar: [], vector: [outChannels], image: outShape.slice(1) };
          const slope = tf.tensor(values(slopeShape[slopeKind], c.seed + 3), slopeShape[slopeKind]);
          const convolved = tf.conv2d(x, filter, c.strides, c.pad, 'NHWC', c.dilations);
          const biased: tf.Tensor = bias ? tf.add(convolved, bias) : convolved;
          const expected = activated(activation, biased.dataSync(), slope.dataSync());
          const fused = tf.fused.conv2d({
            x,
            filter,
            strides: c.strides,
            pad: c.pad,
            dilations: c.dilations,
            bias: bias as tf.Tensor,
            activation,
            ...(activation === 'prelu' ? { preluActivationWeights: slope } : {}),
            leakyreluAlpha: 0.3,
          });
          expectClose(fused, expected, 1);
        });
      },
    ),
    { numRuns: 100 },
  );
});

test('a filter that changes in place is not remembered', () => {
  tf.tidy(() => {
    const x = tf.ones<tf.Rank.R4>([1, 4, 4, 3]);
    const filter = tf.variable(tf.ones<tf.Rank.R4>([2, 2, 3, 8]));
    expect(tf.conv2d(x, filter as tf.Tensor4D, 1, 'valid').dataSync()[0]).toBe(12);
    filter.assign(tf.fill([2, 2, 3, 8], 2));
    expect(tf.conv2d(x, filter as tf.Tensor4D, 1, 'valid').dataSync()[0]).toBe(24);
    filter.dispose();
  });
});

test('images with the channels first', () => {
  const paddings = [
    'same',
    'valid',
    [
      [0, 0],
      [0, 0],
      [1, 2],
      [0, 1],
    ],
  ] as const;
  for (const pad of paddings) {
    const ours = pad === 'same' || pad === 'valid' ? pad : ([...pad] as unknown as Padding);
    const last = Array.isArray(ours)
      ? ([ours[0], ours[2], ours[3], ours[1]] as unknown as Padding)
      : ours;
    tf.tidy(() => {
      const x = tf.tensor4d(values([2, 6, 7, 5], 1), [2, 6, 7, 5]);
      const filter = tf.tensor4d(values([3, 2, 5, 4], 2), [3, 2, 5, 4]);
      const expected = tf.conv2d(x, filter, 2, last);
      const first = tf.transpose(x, [0, 3, 1, 2]);
      const before = tf.memory().numTensors;
      const y = tf.conv2d(first, filter, 2, ours, 'NCHW');
      expect(tf.memory().numTensors).toBe(before + 1);
      expectClose(tf.transpose(y, [0, 2, 3, 1]), expected.dataSync(), 0);
      const bias = tf.tensor1d([1, 2, 3, 4]);
      const options = { filter, strides: 2, bias } as const;
      const fused = tf.fused.conv2d({ ...options, x: first, pad: ours, dataFormat: 'NCHW' });
      const fusedLast = tf.fused.conv2d({ ...options, x, pad: last });
      expectClose(tf.transpose(fused, [0, 2, 3, 1]), fusedLast.dataSync(), 0);
      if (typeof ours !== 'string') return;
      const dx = (format: 'NHWC' | 'NCHW', image: tf.Tensor4D) =>
        tf.grads((a: tf.Tensor, b: tf.Tensor) =>
          tf.sum(tf.square(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 2, ours, format))),
        )([image, filter]);
      const [byFirst, filterByFirst] = dx('NCHW', first) as [tf.Tensor, tf.Tensor];
      const [byLast, filterByLast] = dx('NHWC', x) as [tf.Tensor, tf.Tensor];
      expectClose(tf.transpose(byFirst, [0, 2, 3, 1]), byLast.dataSync(), 0);
      expectClose(filterByFirst, filterByLast.dataSync(), 0);
    });
  }
});

test('without room for scratch memory, nothing is left behind', async () => {
  tf.engine().reset();
  await useWasm({ memoryLimit: 40 * 2 ** 20 });
  const dy = tf.ones<tf.Rank.R4>([1, 2, 2, 1024]);
  const filter = tf.ones<tf.Rank.R4>([3, 3, 768, 1024]);
  const before = tf.backend().numDataIds();
  for (let round = 0; round < 5; round++) {
    const attempt = () => tf.tidy(() => tf.conv2dTranspose(dy, filter, [1, 4, 4, 768], 1, 'valid'));
    expect(attempt).toThrow(/Out of WASM memory/);
  }
  expect(tf.backend().numDataIds()).toBe(before);
  tf.dispose([dy, filter]);
  tf.engine().reset();
  await useWasm();
});
