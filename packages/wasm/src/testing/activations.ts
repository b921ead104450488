/** What tfjs fuses with a product. */
export const activations = [
  'linear',
  'relu',
  'relu6',
  'elu',
  'sigmoid',
  'leakyrelu',
  'prelu',
] as const;

export type Activation = (typeof activations)[number];

const functions: Record<Activation, (x: number, slope: number) => number> = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  relu6: (x) => Math.min(Math.max(x, 0), 6),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  leakyrelu: (x) => (x > 0 ? x : 0.3 * x),
  prelu: (x, slope) => (x > 0 ? x : slope * x),
};

/** An activation by its definition, of values whose last axes are those of the slopes. */
export function activated(
  activation: Activation,
  values: ArrayLike<number>,
  slopes: ArrayLike<number>,
): number[] {
  return Array.from(values, (x, i) => functions[activation](x, slopes[i % slopes.length]!));
}
