/** A file that is not a valid safetensors file, or holds what cannot be used here. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
  constructor(problem: string) {
    super(`Not a valid safetensors file: ${problem}`);
  }
}
