import type { Trackable } from '@ae/module';
import type { layers } from '@tensorflow/tfjs-layers';
import { notingVariables } from './fresh-variables.js';
import type { Maker } from './types.js';

/** Calls a maker, with `new` if it is a class. */
export function make(maker: Maker, args: readonly unknown[]): layers.Layer | Trackable {
  return notingVariables(() => {
    if (isClass(maker)) return Reflect.construct(maker, args);
    // Some factories of tfjs-layers write into their configuration.
    const own = args.map((value) => (isConfiguration(value) ? { ...value } : value));
    return Reflect.apply(maker as (...args: never[]) => layers.Layer | Trackable, undefined, own);
  });
}

function isConfiguration(value: unknown): value is object {
  return typeof value === 'object' && value !== null && value.constructor === Object;
}

/** Whether `maker` wants `new`; also true for classes compiled to ES5 functions. */
export function isClass(maker: Maker): boolean {
  if (/^class\b/.test(Function.prototype.toString.call(maker))) return true;
  const prototype: unknown = maker.prototype;
  if (typeof prototype !== 'object' || prototype === null) return false;
  const inherits = Object.getPrototypeOf(prototype) !== Object.prototype;
  return inherits || Object.getOwnPropertyNames(prototype).length > 1;
}
