import type { Case } from './case.js';
import { adam } from './operations/adam.js';
import { conv2d } from './operations/conv2d.js';
import { conv2dTranspose } from './operations/conv2d-transpose.js';
import { elu } from './operations/elu.js';
import { encode } from './operations/encode.js';
import { gradFilter } from './operations/grad-filter.js';
import { gradInput } from './operations/grad-input.js';
import { matmul } from './operations/matmul.js';
import { step } from './operations/step.js';

/** Every case, in the order of the table. */
export const CASES: readonly Case[] = [
  ...step,
  ...encode,
  ...matmul,
  ...conv2d,
  ...conv2dTranspose,
  ...gradFilter,
  ...gradInput,
  ...elu,
  ...adam,
];

/** The cases whose names contain any of the words; all without words. */
export function casesOnly(words: readonly string[]): readonly Case[] {
  if (words.length === 0) return CASES;
  const chosen = CASES.filter(({ name }) => words.some((word) => name.includes(word)));
  if (chosen.length > 0) return chosen;
  const names = CASES.map(({ name }) => name).join('\n  ');
  throw new Error(`No case has ${words.join(' or ')} in its name. The cases are:\n  ${names}`);
}
