import type { Variable } from '@tensorflow/tfjs-core';
import { Module } from './module.js';
import { explainNoVariables } from './no-variables.js';

/** What may be trained: a module, or a list of variables put together by hand. */
export type ModuleOrVariables = Module | readonly Variable[];

/**
 * The variables by path; those of a list by their tfjs names, which are unique,
 * but depend on what else was made before.
 */
export function namedVariablesOf(target: ModuleOrVariables): Map<string, Variable> {
  if (target instanceof Module) return target.namedVariables();
  return new Map(target.map((variable) => [variable.name, variable]));
}

/**
 * The variables that training changes, by path.
 *
 * @throws NoVariablesError when there are none, saying why and what to write instead
 */
export function trainableVariablesOf(target: ModuleOrVariables): Map<string, Variable> {
  const trainable = new Set(target instanceof Module ? target.trainableVariables : target);
  const named = [...namedVariablesOf(target)].filter(
    ([, variable]) => trainable.has(variable) && variable.trainable,
  );
  if (named.length === 0) {
    throw new NoVariablesError(
      target instanceof Module
        ? explainNoVariables(target)
        : `There is nothing to train: ${target.length === 0 ? 'the list of variables is empty' : 'no variable of the list is trainable'}.`,
    );
  }
  return new Map(named);
}

/** Thrown when something without trainable variables is to be trained. */
export class NoVariablesError extends Error {
  override readonly name = 'NoVariablesError';
}
