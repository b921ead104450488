import type { RandomKernel } from './random-state.js';

const SHAPE = 'the shape of its result depends on data';

/** Kernels that no program can call, with the reason. */
export const UNTRACEABLE_KERNELS: ReadonlyMap<string, string> = new Map([
  ['FromPixels', 'it reads an image of the page, which may be another one at the next call'],
  ['NonMaxSuppressionV3', SHAPE],
  ['NonMaxSuppressionV4', SHAPE],
  ['NonMaxSuppressionV5', SHAPE],
  ['RaggedGather', SHAPE],
  ['RaggedRange', SHAPE],
  ['RaggedTensorToTensor', SHAPE],
  ['SparseFillEmptyRows', SHAPE],
  ['SparseReshape', SHAPE],
  ['SparseSegmentMean', SHAPE],
  ['SparseSegmentSum', SHAPE],
  ['StringNGrams', SHAPE],
  ['StringSplit', SHAPE],
  ['Unique', SHAPE],
]);

const RANDOM_OPS: ReadonlySet<string> = new Set([
  'rand__op',
  'randomGamma__op',
  'randomNormal__op',
  'randomStandardNormal__op',
  'randomUniform__op',
  'randomUniformInt__op',
  'truncatedNormal__op',
]);

/**
 * The random operation that a tensor of JavaScript values belongs to, when the names of the running
 * tfjs operations (outermost first) tell its distribution, which is then from 0 to 1, or of mean 0
 * and deviation 1.
 */
export function liveRandomOp(scopes: readonly (string | undefined)[]): RandomKernel | undefined {
  const [outer, inner] = scopes.slice(-2);
  if (outer === 'dropout__op' && inner === 'randomUniform__op') return 'RandomUniform';
  if (outer === 'randomStandardNormal__op' && inner === 'randomNormal__op') return 'RandomNormal';
  return undefined;
}

/** The name of the tfjs operation that draws random numbers in JavaScript just now. */
export function frozenRandomOp(scopes: readonly (string | undefined)[]): string | undefined {
  return scopes.find((scope) => scope !== undefined && RANDOM_OPS.has(scope))?.replace('__op', '');
}
