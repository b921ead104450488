// Binary operations with broadcasting: the operands' shapes collapsed to as few dimensions as
// possible, walked row by row, in blocks for as many threads as there are.
import {
  add, sub, multiply, realDiv, squaredDifference, maximum,
  minimum, prelu, eluGrad, addInt, subInt, multiplyInt,
  maximumInt, minimumInt,
} from './binary';
import { pow } from './power';
import {
  equal, notEqual, greater, greaterEqual, less, lessEqual,
  equalInt, notEqualInt, greaterInt, greaterEqualInt, lessInt, lessEqualInt,
} from './compare';
import {
  logicalAnd, logicalOr, equalBool, notEqualBool,
} from './logical';

/** Elements of the result that one task computes. */
const BLOCK: i32 = 16384;

/** In the order of BINARY in src/kernels/elementwise/binary.ts. */
const enum Op {
  Add, Sub, Multiply, RealDiv, SquaredDifference, Maximum,
  Minimum, Prelu, EluGrad, Pow, AddInt, SubInt, MultiplyInt,
  MaximumInt, MinimumInt, Equal, NotEqual, Greater, GreaterEqual,
  Less, LessEqual, EqualInt, NotEqualInt, GreaterInt, GreaterEqualInt,
  LessInt, LessEqualInt, LogicalAnd, LogicalOr, EqualBool, NotEqualBool,
}

function row(op: Op, a: usize, aStep: i32, b: usize, bStep: i32, y: usize, n: i32): void {
  switch (op) {
    case Op.Add: return add(a, aStep, b, bStep, y, n);
    case Op.Sub: return sub(a, aStep, b, bStep, y, n);
    case Op.Multiply: return multiply(a, aStep, b, bStep, y, n);
    case Op.RealDiv: return realDiv(a, aStep, b, bStep, y, n);
    case Op.SquaredDifference: return squaredDifference(a, aStep, b, bStep, y, n);
    case Op.Maximum: return maximum(a, aStep, b, bStep, y, n);
    case Op.Minimum: return minimum(a, aStep, b, bStep, y, n);
    case Op.Prelu: return prelu(a, aStep, b, bStep, y, n);
    case Op.EluGrad: return eluGrad(a, aStep, b, bStep, y, n);
    case Op.Pow: return pow(a, aStep, b, bStep, y, n);
    case Op.AddInt: return addInt(a, aStep, b, bStep, y, n);
    case Op.SubInt: return subInt(a, aStep, b, bStep, y, n);
    case Op.MultiplyInt: return multiplyInt(a, aStep, b, bStep, y, n);
    case Op.MaximumInt: return maximumInt(a, aStep, b, bStep, y, n);
    case Op.MinimumInt: return minimumInt(a, aStep, b, bStep, y, n);
    case Op.Equal: return equal(a, aStep, b, bStep, y, n);
    case Op.NotEqual: return notEqual(a, aStep, b, bStep, y, n);
    case Op.Greater: return greater(a, aStep, b, bStep, y, n);
    case Op.GreaterEqual: return greaterEqual(a, aStep, b, bStep, y, n);
    case Op.Less: return less(a, aStep, b, bStep, y, n);
    case Op.LessEqual: return lessEqual(a, aStep, b, bStep, y, n);
    case Op.EqualInt: return equalInt(a, aStep, b, bStep, y, n);
    case Op.NotEqualInt: return notEqualInt(a, aStep, b, bStep, y, n);
    case Op.GreaterInt: return greaterInt(a, aStep, b, bStep, y, n);
    case Op.GreaterEqualInt: return greaterEqualInt(a, aStep, b, bStep, y, n);
    case Op.LessInt: return lessInt(a, aStep, b, bStep, y, n);
    case Op.LessEqualInt: return lessEqualInt(a, aStep, b, bStep, y, n);
    case Op.LogicalAnd: return logicalAnd(a, aStep, b, bStep, y, n);
    case Op.LogicalOr: return logicalOr(a, aStep, b, bStep, y, n);
    case Op.EqualBool: return equalBool(a, aStep, b, bStep, y, n);
    case Op.NotEqualBool: return notEqualBool(a, aStep, b, bStep, y, n);
    default: unreachable();
  }
}

/**
 * Words: op, a, b, y, n, rank, then rank sizes, rank strides of a, rank strides of b (in elements;
 * 0 where the operand is repeated; the last ones are 0 or 1).
 */
export function binaryTask(args: usize, task: i32, _worker: i32): void {
  const op = load<i32>(args);
  // Comparisons give bytes, and logical operations take bytes too.
  const inShift: usize = op >= Op.LogicalAnd ? 0 : 2;
  const outShift: usize = op >= Op.Equal ? 0 : 2;
  const aBase = load<usize>(args, 4);
  const bBase = load<usize>(args, 8);
  const rank = load<i32>(args, 20);
  const sizes = args + 24;
  const aStrides = sizes + (<usize>rank << 2);
  const bStrides = aStrides + (<usize>rank << 2);
  const last = <usize>(rank - 1) << 2;
  const columns = load<i32>(sizes + last);
  const aStep = load<i32>(aStrides + last);
  const bStep = load<i32>(bStrides + last);

  let at = task * BLOCK;
  const end = min(load<i32>(args, 16), at + BLOCK);
  let y = load<usize>(args, 12) + (<usize>at << outShift);
  let rowIndex = at / columns;
  let column = at - rowIndex * columns;
  while (at < end) {
    let outer = rowIndex;
    let aAt = column * aStep;
    let bAt = column * bStep;
    for (let d = <isize>last - 4; d > 0; d -= 4) {
      const size = load<i32>(sizes + d);
      const next = outer / size;
      const index = outer - next * size;
      aAt += index * load<i32>(aStrides + d);
      bAt += index * load<i32>(bStrides + d);
      outer = next;
    }
    if (rank > 1) {
      aAt += outer * load<i32>(aStrides);
      bAt += outer * load<i32>(bStrides);
    }
    const n = min(columns - column, end - at);
    row(op, aBase + (<usize>aAt << inShift), aStep, bBase + (<usize>bAt << inShift), bStep, y, n);
    y += <usize>n << outShift;
    at += n;
    rowIndex++;
    column = 0;
  }
}
