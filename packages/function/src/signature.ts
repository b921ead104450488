import { Tensor, Variable } from '@tensorflow/tfjs-core';
import { isContainer } from './structure.js';

/** What kind of arguments a call has: equal keys, equal program. */
export interface Signature {
  readonly key: string;
  /** The parts of the key with the path of each, for telling what changed. */
  readonly parts: readonly { readonly path: string; readonly text: string }[];
  /** The tensors among the arguments, in order; variables are not among them. */
  readonly tensors: readonly Tensor[];
}

const identities = new WeakMap<object, number>();
let nextIdentity = 1;

/**
 * Reads the signature of a call: of `this`, when the function is called on an object, and of a list
 * of arguments.
 *
 * @throws TypeError for typed arrays, whose contents would be frozen
 */
export function signatureOf(owner: unknown, args: readonly unknown[]): Signature {
  const parts: { path: string; text: string }[] = [];
  if (typeof owner === 'object' && owner !== null) {
    parts.push({ path: 'this', text: `#${identityOf(owner)}` });
  }
  const tensors: Tensor[] = [];
  const enclosing: unknown[] = [];
  const visit = (value: unknown, path: string): void => {
    if (isContainer(value) && !enclosing.includes(value)) {
      const entries = Object.entries(value);
      parts.push({ path, text: Array.isArray(value) ? `[${entries.length}]` : '{}' });
      enclosing.push(value);
      for (const [name, part] of entries) {
        visit(part, Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`);
      }
      enclosing.pop();
      return;
    }
    if (value instanceof Tensor && !(value instanceof Variable)) tensors.push(value);
    parts.push({ path, text: textOf(value, path) });
  };
  args.forEach((arg, index) => {
    visit(arg, `argument ${index}`);
  });
  return { key: parts.map(({ path, text }) => `${path}: ${text}`).join(', '), parts, tensors };
}

function textOf(value: unknown, path: string): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'bigint':
      return `${value}n`;
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'boolean':
    case 'undefined':
      return String(value);
    default:
  }
  if (value === null) return 'null';
  if (value instanceof Variable) return `variable ${value.name} (#${identityOf(value)})`;
  if (value instanceof Tensor) {
    if (value.isDisposed) throw new Error(`The tensor in ${path} has been disposed of.`);
    return `${value.dtype}[${value.shape}]`;
  }
  if (ArrayBuffer.isView(value)) {
    throw new TypeError(
      `${path} is a typed array, whose contents a compiled function would freeze. Pass a tensor, as in tf.tensor(values).`,
    );
  }
  if (typeof value === 'symbol') return value.toString();
  const object = value as object;
  const kind = typeof object === 'function' ? 'function' : object.constructor?.name;
  return `${kind ?? 'object'} #${identityOf(object)}`;
}

/** A number that no other object has. */
export function identityOf(object: object): number {
  let identity = identities.get(object);
  if (identity === undefined) {
    identity = nextIdentity++;
    identities.set(object, identity);
  }
  return identity;
}

/** The first difference between two signatures, in words. */
export function difference(before: Signature, now: Signature): string {
  const count = Math.max(before.parts.length, now.parts.length);
  for (let i = 0; i < count; i++) {
    const old = before.parts[i];
    const part = now.parts[i];
    if (old?.path === part?.path && old?.text === part?.text) continue;
    if (part === undefined) return `${old!.path} is missing`;
    if (old === undefined) return `${part.path} is new`;
    if (old.path !== part.path) return `${part.path} stands where ${old.path} was`;
    return `${part.path} was ${old.text} and is ${part.text}`;
  }
  return 'the backend, the trainable variables or the kept traces changed';
}
