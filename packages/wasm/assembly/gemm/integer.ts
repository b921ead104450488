// Products of int32 matrices, modulo 2^32; exact, rare, and therefore simple.

/** Arguments of {@link integerProductTask}; steps are in bytes. */
@unmanaged
class IntegerProductArguments {
  a: usize;
  aRowStep: usize;
  aStep: usize;
  b: usize;
  bStep: usize;
  bColumnStep: usize;
  c: usize;
  columns: i32;
  k: i32;
}

/** Computes one row of C. */
export function integerProductTask(args: usize, task: i32, worker: i32): void {
  const p = changetype<IntegerProductArguments>(args);
  const row = p.a + <usize>task * p.aRowStep;
  let target = p.c + (<usize>(task * p.columns) << 2);
  let column = p.b;
  for (let j = 0; j < p.columns; j++) {
    let a = row;
    let b = column;
    let sum = 0;
    for (let k = 0; k < p.k; k++) {
      sum += load<i32>(a) * load<i32>(b);
      a += p.aStep;
      b += p.bStep;
    }
    store<i32>(target, sum);
    target += 4;
    column += p.bColumnStep;
  }
}
