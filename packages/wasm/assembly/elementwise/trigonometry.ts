// sin and cos, in float64. Numbers beyond LARGEST need more of pi than fits here: the functions
// return 1 when they met one, and its result is not to be used.

/** Up to here n * PI_2_HIGH is exact, n < 2^20. */
// @ts-ignore: decorator
@inline
const LARGEST: f64 = 1000000;

/** The first 33 bits of pi / 2, and the rest. */
// @ts-ignore: decorator
@inline
const PI_2_HIGH: f64 = 1.57079632673412561417e+00;
// @ts-ignore: decorator
@inline
const PI_2_LOW: f64 = 6.07710050650619224932e-11;

// @ts-ignore: decorator
@inline
function loop(x: usize, y: usize, n: i32, shift: i32): i32 {
  let wrong = 0;
  for (let i: usize = 0; i < <usize>n << 2; i += 4) {
    const value = <f64>load<f32>(x + i);
    if (abs(value) > LARGEST && abs(value) < Infinity) wrong = 1;
    const quarter = nearest(value * 0.6366197723675814);
    const r = value - quarter * PI_2_HIGH - quarter * PI_2_LOW;
    const z = r * r;
    // Polynomials of fdlibm; |r| <= pi / 4.
    let s = 1.58962301576546568060e-10;
    s = s * z - 2.50507477628578072866e-08;
    s = s * z + 2.75573136213857245213e-06;
    s = s * z - 1.98412698295895385996e-04;
    s = s * z + 8.33333333332211858878e-03;
    s = s * z - 1.66666666666666307295e-01;
    const sine = r + r * z * s;
    let c = -1.13585365213876817300e-11;
    c = c * z + 2.08757008419747316778e-09;
    c = c * z - 2.75573141792967388112e-07;
    c = c * z + 2.48015872888517045348e-05;
    c = c * z - 1.38888888888730564116e-03;
    c = c * z + 4.16666666666665929218e-02;
    const cosine = 1 - 0.5 * z + z * z * c;
    const place = (<i32>quarter + shift) & 3;
    const result = place & 1 ? cosine : sine;
    store<f32>(y + i, <f32>(place & 2 ? -result : result));
  }
  return wrong;
}

export function sin(x: usize, y: usize, n: i32): i32 {
  return loop(x, y, n, 0);
}

export function cos(x: usize, y: usize, n: i32): i32 {
  return loop(x, y, n, 1);
}
