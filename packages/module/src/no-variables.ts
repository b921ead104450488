import { heldTensors } from './held-tensors.js';
import { isVariable } from './is-variable.js';
import { isLayer } from './layer-like.js';
import { linkHolder } from './lineage.js';
import type { Module } from './module.js';
import { isTrackable } from './trackable.js';
import { type TrackedNode, walk } from './walk.js';

/** Says why a module has no trainable variables, with the code that gives it some. */
export function explainNoVariables(module: Module): string {
  const nodes = walk(module, linkHolder);
  const reasons = [
    ...explainFrozen(nodes),
    ...explainUnbuilt(nodes),
    ...explainTensors(module),
    ...explainPrivate(nodes),
  ];
  if (reasons.length === 0) {
    reasons.push(
      'Nothing in its attributes is a variable, a layer or a module. Give it some:\n' +
        '    readonly kernel = tf.variable(tf.zeros([3, 2]));',
    );
  }
  return `'${module.name}' has no trainable variables.\n${reasons.map((reason) => `- ${reason}`).join('\n')}`;
}

function explainFrozen(nodes: readonly TrackedNode[]): string[] {
  const variables = nodes.filter(({ value }) => isVariable(value));
  if (variables.length === 0) return [];
  return [
    `All of its variables are frozen or not trainable: ${list(variables.map(({ path }) => path))}. Unfreeze some:\n` +
      "    model.unfreeze('decoder');",
  ];
}

function explainUnbuilt(nodes: readonly TrackedNode[]): string[] {
  const unbuilt = nodes.filter(({ value }) => isLayer(value) && value.built === false);
  const late = nodes.filter(({ value }) => isTrackable(value) && value.mayMake);
  if (unbuilt.length === 0 && late.length === 0) return [];
  const what =
    unbuilt.length > 0
      ? `These layers make their variables when they are first called: ${list(unbuilt.map(({ path }) => path))}.`
      : 'Its layers are made when they are first called, and none has been called yet.';
  return [`${what} Call the model once before:\n    model.encode(tf.zeros([1, 28, 28, 1]));`];
}

function explainTensors(module: Module): string[] {
  const tensors = [...heldTensors(module)].map(([name]) => name);
  if (tensors.length === 0) return [];
  return [
    `These attributes are plain tensors, which are not trained: ${list(tensors)}. Make variables of them:\n` +
      `    readonly ${tensors[0]} = tf.variable(tensor);`,
  ];
}

/** Reads the names of private fields from the source of the classes; good enough for a hint. */
function explainPrivate(nodes: readonly TrackedNode[]): string[] {
  const names = new Set<string>();
  for (const { value } of nodes) {
    if (!isTrackable(value)) continue;
    // A class with its own trackedEntries says itself what it holds.
    let prototype: unknown = Object.getPrototypeOf(value);
    while (isTrackable(prototype) && !Object.hasOwn(prototype, 'trackedEntries')) {
      const source = Function.prototype.toString.call(prototype.constructor);
      // Only fields that something is assigned to; methods hold nothing.
      for (const match of source.matchAll(/#(\w+)\s*(?:\?\?)?=(?![=>]|\s*this\.track\b)/g)) {
        names.add(match[1]!);
      }
      prototype = Object.getPrototypeOf(prototype);
    }
  }
  if (names.size === 0) return [];
  const [first] = names;
  return [
    `JavaScript hides private fields from reflection: ${list([...names].map((name) => `#${name}`))}. Track what they hold:\n` +
      `    readonly #${first} = this.track('${first}', ...);`,
  ];
}

const MOST = 8;

function list(names: readonly string[]): string {
  const shown = names.slice(0, MOST).join(', ');
  return names.length > MOST ? `${shown} and ${names.length - MOST} more` : shown;
}
