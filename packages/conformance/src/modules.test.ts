import { Module } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { onEachBackend } from './backends.js';
import { readJson } from './reference.js';

/** A piece of a graph, as `reference/modules.py` describes it. */
type Piece =
  | null
  | number
  | string
  | readonly Piece[]
  | { readonly ref: string }
  | { readonly variable: string; readonly trainable: boolean }
  | { readonly module: string; readonly attributes: readonly (readonly [string, Piece])[] }
  | { readonly [key: string]: Piece };

type Listing = readonly (readonly [name: string, value: number])[];

interface Expected {
  readonly title: string;
  readonly graph: Piece;
  readonly variables: Listing;
  readonly trainableVariables: Listing;
  readonly nonTrainableVariables: Listing;
  readonly submodules: readonly string[];
  readonly paths: Readonly<Record<string, string>>;
}

/** The objects that a graph describes, by their names in it. */
type Made = Map<string, unknown>;

function build(piece: Piece, made: Made): unknown {
  if (Array.isArray(piece)) return piece.map((part: Piece) => build(part, made));
  if (typeof piece !== 'object' || piece === null) return piece;
  if ('ref' in piece) return made.get(piece.ref as string);
  if ('variable' in piece) {
    const { variable: name, trainable } = piece as { variable: string; trainable: boolean };
    const sum = Array.from(name, (letter) => letter.charCodeAt(0)).reduce((a, b) => a + b);
    const variable = tf.variable(tf.scalar(sum), trainable);
    made.set(name, variable);
    return variable;
  }
  if ('module' in piece) {
    const { module: name, attributes } = piece as { module: string; attributes: [string, Piece][] };
    const module = new Module();
    made.set(name, module);
    for (const [attribute, value] of attributes) {
      Object.assign(module, { [attribute]: build(value, made) });
    }
    return module;
  }
  const entries = Object.entries(piece).map(([key, value]) => [key, build(value, made)]);
  return Object.fromEntries(entries);
}

const byName = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
  a[0] < b[0] ? -1 : 1;

onEachBackend(() => {
  test.each(readJson<Expected[]>('modules').map((entry) => [entry.title, entry] as const))(
    '%s',
    (_, expected) => {
      const made: Made = new Map();
      const top = build(expected.graph, made) as Module;
      const names = new Map([...made].map(([name, object]) => [object, name]));
      const listing = (variables: readonly tf.Variable[]): [string, number][] =>
        variables.map((variable) => [names.get(variable)!, variable.dataSync()[0]!]);

      // The same variables, each once, with the same values and the same paths.
      expect(listing(top.variables).sort(byName)).toEqual([...expected.variables].sort(byName));
      const paths = [...top.namedVariables()].map(([path, v]) => [names.get(v)!, path] as const);
      expect([...paths].sort(byName)).toEqual(Object.entries(expected.paths).sort(byName));

      // The order is that of the paths, always; TensorFlow's is its walk's.
      const inOrder = (list: Listing): Listing => {
        const path = ([name]: readonly [string, number]): string => expected.paths[name]!;
        return [...list].sort((a, b) => (path(a) < path(b) ? -1 : 1));
      };
      expect(listing(top.variables)).toEqual(inOrder(expected.variables));
      expect(listing(top.trainableVariables)).toEqual(inOrder(expected.trainableVariables));
      expect(listing(top.nonTrainableVariables)).toEqual(inOrder(expected.nonTrainableVariables));

      const submodules = top.submodules.map((module) => names.get(module)!);
      expect([...submodules].sort()).toEqual([...expected.submodules].sort());
      tf.dispose(top.variables);
    },
  );
});
