/**
 * Something that the user can put right: it is told in one line, without a
 * stack trace, and the process ends with exit code 2.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
