import { Tensor } from '@tensorflow/tfjs-core';

/** Arrays and plain objects are looked into; everything else is a leaf. */
export type Container = readonly unknown[] | Readonly<Record<string, unknown>>;

export function isContainer(value: unknown): value is Container {
  if (typeof value !== 'object' || value === null || value instanceof Tensor) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object literal of another realm has another `Object.prototype`, which has none above it.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * A copy of `value` in which every leaf is replaced; what occurs twice is asked for twice. A
 * container inside of itself is a leaf.
 */
export function mapLeaves(
  value: unknown,
  map: (leaf: unknown) => unknown,
  enclosing: readonly unknown[] = [],
): unknown {
  if (!isContainer(value) || enclosing.includes(value)) return map(value);
  const inside = [...enclosing, value];
  if (Array.isArray(value)) return value.map((part) => mapLeaves(part, map, inside));
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, mapLeaves(part, map, inside)]),
  );
}
