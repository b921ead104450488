/**
 * Elements of one task of an elementwise kernel, as in assembly/elementwise. Smaller tensors are
 * computed by one direct call.
 */
export const BLOCK = 16384;
