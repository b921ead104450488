import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import type { Matrix, ProductShape } from './product.js';

type IntegerMatrix = Pick<Matrix, 'pointer' | 'transposed' | 'batches'>;

/** As `multiply`, for int32 matrices. */
export function multiplyIntegers(
  backend: AeWasmBackend,
  a: IntegerMatrix,
  b: IntegerMatrix,
  c: number,
  { rows, columns, k, batch }: ProductShape,
): void {
  for (let i = 0; i < batch; i++) {
    const fromA = a.pointer + (a.batches?.[i] ?? 0) * rows * k * 4;
    const fromB = b.pointer + (b.batches?.[i] ?? 0) * columns * k * 4;
    backend.run(
      'integerProductTask',
      [
        ...[fromA, ...(a.transposed ? [4, rows * 4] : [k * 4, 4])],
        ...[fromB, ...(b.transposed ? [4, k * 4] : [columns * 4, 4])],
        ...[c + i * rows * columns * 4, columns, k],
      ],
      rows,
    );
  }
}
