import type { Operation } from './source.js';

/** The name of elementwise operations that are done together. */
export const FUSED = 'Fused';

/** Kernels that read element `i` of their operands before they write element `i`, and no other. */
const ELEMENTWISE: ReadonlySet<string> = new Set([
  'Abs',
  'Add',
  'Ceil',
  'ClipByValue',
  'Elu',
  'EluGrad',
  'Erf',
  'Exp',
  'Expm1',
  'Floor',
  'LeakyRelu',
  'Log',
  'Log1p',
  'Maximum',
  'Minimum',
  'Multiply',
  'Neg',
  'Prelu',
  'RealDiv',
  'Reciprocal',
  'Relu',
  'Relu6',
  'Round',
  'Rsqrt',
  'Selu',
  'Sigmoid',
  'Sign',
  'Softplus',
  'Sqrt',
  'Square',
  'SquaredDifference',
  'Step',
  'Sub',
  'Tanh',
]);

/** Whole-optimizer updates: output `i` is the new value of operand `i` of these lists. */
const UPDATES: ReadonlyMap<string, readonly string[]> = new Map([
  ['AdamUpdate', ['values', 'firstMoments', 'secondMoments']],
  ['SgdUpdate', ['values', 'velocities']],
]);

/** Whether an output may lie where an operand of equal size lay. */
export function worksInPlace(kernel: string): boolean {
  return kernel === FUSED || ELEMENTWISE.has(kernel);
}

/** Whether output number `output` may lie where operand number `operand` lies. */
export function worksInPlaceAt(
  { kernel, inputs }: Operation,
  output: number,
  operand: number,
): boolean {
  if (worksInPlace(kernel)) return true;
  const lists = UPDATES.get(kernel);
  if (lists === undefined) return false;
  const named = inputs as Record<string, readonly number[]>;
  const updated = lists.flatMap((name) => named[name] ?? []);
  const all = Object.values(named).flat();
  return all[operand] === updated[output];
}
