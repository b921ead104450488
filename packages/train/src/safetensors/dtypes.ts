/**
 * Bytes of one element for each dtype of the format that has whole bytes, in the
 * order in which the reference implementation ranks them.
 */
export const BYTES_PER_ELEMENT = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
} as const;

/** A dtype as safetensors names it. */
export type SafetensorsDtype = keyof typeof BYTES_PER_ELEMENT;

export function isDtype(name: string): name is SafetensorsDtype {
  return Object.hasOwn(BYTES_PER_ELEMENT, name);
}
