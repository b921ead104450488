import { difference, type Signature } from './signature.js';

const WINDOW = 10;
const LIMIT = 5;

/** Warns when too many of a function's calls had to be traced. */
export class RetraceWarning {
  /** The last calls: whether each was traced. */
  private readonly recent: boolean[] = [];

  constructor(private readonly functionName: string) {}

  replayed(): void {
    if (this.recent.length > 0) this.push(false);
  }

  /** @param known the signatures that have traces, oldest first */
  traced(signature: Signature, known: readonly Signature[]): void {
    this.push(true);
    if (this.recent.filter(Boolean).length < LIMIT || known.length === 0) return;
    this.recent.length = 0;
    console.warn(
      `The compiled function '${this.functionName}' was traced in ${LIMIT} of its last calls, and tracing ` +
        `is slow. This time, ${difference(nearest(signature, known), signature)}. Pass numbers that ` +
        "change as tensors or by hostValue, make batches of equal size, or give an 'inputSignature' " +
        'with null for free dimensions.',
    );
  }

  private push(wasTraced: boolean): void {
    this.recent.push(wasTraced);
    if (this.recent.length > WINDOW) this.recent.shift();
  }
}

/** The known signature with the most parts in common, so that the reason is the telling one. */
function nearest(signature: Signature, known: readonly Signature[]): Signature {
  const common = (other: Signature) =>
    signature.parts.filter(({ path, text }, i) => {
      const part = other.parts[i];
      return part?.path === path && part.text === text;
    }).length;
  return known.reduce((best, other) => (common(other) >= common(best) ? other : best));
}
