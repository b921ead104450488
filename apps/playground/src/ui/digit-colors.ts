/** One colour a digit, told apart on light and on dark ground. */
export const DIGIT_COLORS: readonly string[] = [
  '#4e79a7',
  '#f28e2b',
  '#e15759',
  '#48a9a6',
  '#59a14f',
  '#c9a227',
  '#b07aa1',
  '#ff7fa0',
  '#9c755f',
  '#8a8f98',
];
