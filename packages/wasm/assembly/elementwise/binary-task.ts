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

function matrix(
  op: Op, a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  switch (op) {
    case Op.Add: return add(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.Sub: return sub(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.Multiply: return multiply(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.RealDiv: return realDiv(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.SquaredDifference: return squaredDifference(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.Maximum: return maximum(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.Minimum: return minimum(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.Prelu: return prelu(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.EluGrad: return eluGrad(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.Pow: return pow(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.AddInt: return addInt(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.SubInt: return subInt(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.MultiplyInt: return multiplyInt(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.MaximumInt: return maximumInt(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.MinimumInt: return minimumInt(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.Equal: return equal(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.NotEqual: return notEqual(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.Greater: return greater(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.GreaterEqual: return greaterEqual(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.Less: return less(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.LessEqual: return lessEqual(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.EqualInt: return equalInt(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.NotEqualInt: return notEqualInt(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.GreaterInt: return greaterInt(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.GreaterEqualInt: return greaterEqualInt(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.LessInt: return lessInt(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.LessEqualInt: return lessEqualInt(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.LogicalAnd: return logicalAnd(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.LogicalOr: return logicalOr(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.EqualBool: return equalBool(a, aStep, aRow, b, bStep, bRow, y, rows, n);
    case Op.NotEqualBool: return notEqualBool(a, aStep, aRow, b, bStep, bRow, y, rows, n);
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
  const height = rank > 1 ? load<i32>(sizes + last - 4) : 1;
  const aRow = rank > 1 ? load<i32>(aStrides + last - 4) : 0;
  const bRow = rank > 1 ? load<i32>(bStrides + last - 4) : 0;
  while (at < end) {
    let outer = at / columns;
    const column = at - outer * columns;
    const plane = outer / height;
    const rowIndex = outer - plane * height;
    let aAt = column * aStep + rowIndex * aRow;
    let bAt = column * bStep + rowIndex * bRow;
    outer = plane;
    for (let d = <isize>last - 8; d >= 0; d -= 4) {
      const size = load<i32>(sizes + d);
      const next = outer / size;
      const index = outer - next * size;
      aAt += index * load<i32>(aStrides + d);
      bAt += index * load<i32>(bStrides + d);
      outer = next;
    }
    // The rest of a row that was begun, a part of the last one, or whole rows.
    const n = min(columns - column, end - at);
    const rows = n == columns ? min(height - rowIndex, (end - at) / columns) : 1;
    matrix(
      op, aBase + (<usize>aAt << inShift), aStep, <usize>aRow << inShift,
      bBase + (<usize>bAt << inShift), bStep, <usize>bRow << inShift, y, rows, n);
    y += <usize>(rows * n) << outShift;
    at += rows * n;
  }
}
