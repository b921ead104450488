/** What JSON can hold. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

const NUMBERS: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
};

/**
 * JSON that gives back every number exactly: those that JSON lacks (NaN, the
 * infinities, -0) stand as `{"$number": "NaN"}`.
 */
export function toJson(value: Json): string {
  const exact = (_: string, item: unknown): unknown => {
    if (typeof item !== 'number') return item;
    if (Object.is(item, -0)) return { $number: '-0' };
    return Number.isFinite(item) ? item : { $number: String(item) };
  };
  return `${JSON.stringify(value, exact, 1)}\n`;
}

/** Reads what {@link toJson} wrote. */
export function fromJson(text: string): Json {
  return JSON.parse(text, (_, item: Json) => {
    if (item === null || typeof item !== 'object' || !('$number' in item)) return item;
    return NUMBERS[String(item.$number)] ?? item;
  }) as Json;
}
