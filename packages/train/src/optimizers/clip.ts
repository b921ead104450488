import * as tf from '@tensorflow/tfjs-core';

/** Gradients by path. */
export type Gradients = ReadonlyMap<string, tf.Tensor>;

/** How gradients are limited before a step: by value, by the norm of each, or by the norm of all. */
export type Clip = { value: number } | { norm: number } | { globalNorm: number };

/** Every element limited to `[-limit, limit]`. The caller owns the result. */
export function clipByValue(gradients: Gradients, limit: number): Map<string, tf.Tensor> {
  assertLimit('clipByValue', limit);
  return mapGradients(gradients, (gradient) => tf.clipByValue(gradient, -limit, limit));
}

/** Every gradient whose norm exceeds `limit` scaled down to it. The caller owns the result. */
export function clipByNorm(gradients: Gradients, limit: number): Map<string, tf.Tensor> {
  assertLimit('clipByNorm', limit);
  return mapGradients(gradients, (gradient) => scaleTo(gradient, tf.norm(gradient), limit));
}

/**
 * All gradients scaled by one number, so that the norm of all of them together
 * is at most `limit` (Pascanu, Mikolov and Bengio, 2013). The caller owns the result.
 */
export function clipByGlobalNorm(gradients: Gradients, limit: number): Map<string, tf.Tensor> {
  assertLimit('clipByGlobalNorm', limit);
  const norm = globalNorm(gradients);
  const clipped = mapGradients(gradients, (gradient) => scaleTo(gradient, norm, limit));
  norm.dispose();
  return clipped;
}

/** The Euclidean norm of all gradients together. The caller owns the scalar. */
export function globalNorm(gradients: Gradients): tf.Scalar {
  return tf.tidy(() => {
    const squares = [...gradients.values()].map((gradient) => tf.sum(tf.square(gradient)));
    return tf.sqrt(tf.addN(squares)) as tf.Scalar;
  });
}

/** Applies a clip option. The caller owns the result. */
export function clipGradients(gradients: Gradients, clip: Clip): Map<string, tf.Tensor> {
  if ('value' in clip) return clipByValue(gradients, clip.value);
  if ('norm' in clip) return clipByNorm(gradients, clip.norm);
  return clipByGlobalNorm(gradients, clip.globalNorm);
}

/** `gradient * limit / max(norm, limit)`, without reading the norm back. */
function scaleTo(gradient: tf.Tensor, norm: tf.Tensor, limit: number): tf.Tensor {
  return tf.mul(gradient, tf.div(limit, tf.maximum(norm, limit)));
}

function mapGradients(
  gradients: Gradients,
  change: (gradient: tf.Tensor) => tf.Tensor,
): Map<string, tf.Tensor> {
  return new Map([...gradients].map(([path, gradient]) => [path, tf.tidy(() => change(gradient))]));
}

function assertLimit(name: string, limit: number): void {
  if (limit > 0) return;
  throw new RangeError(`${name}: the limit must be a positive number, not ${limit}.`);
}
