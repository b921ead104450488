/** The values of `--model`. */
export const MODEL_NAMES = ['auto-encoder', 'lazy-auto-encoder'] as const;

export type ModelName = (typeof MODEL_NAMES)[number];
