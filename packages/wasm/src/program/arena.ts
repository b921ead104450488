/** A stretch of memory that is needed from one step of a program to another. */
export interface Span {
  readonly bytes: number;
  /** The first and the last step that it must hold its contents in. */
  first: number;
  last: number;
}

const ALIGNMENT = 64;

/**
 * Lays out memory so that spans of overlapping life do not overlap in space: the largest first, each
 * in the lowest gap that it fits (Pisarchyk and Lee, "Efficient Memory Management for Deep Neural
 * Net Inference", 2020: greedy by size).
 */
export function layOut(spans: readonly Span[]): { offsets: number[]; bytes: number } {
  const offsets = new Array<number>(spans.length).fill(0);
  const placed: { span: Span; start: number; end: number }[] = [];
  const order = spans.map((_, i) => i).sort((a, b) => spans[b]!.bytes - spans[a]!.bytes || a - b);
  let total = 0;
  for (const index of order) {
    const span = spans[index]!;
    let start = 0;
    // `placed` is sorted by start, so that the first gap found is the lowest.
    for (const other of placed) {
      if (other.span.last < span.first || span.last < other.span.first) continue;
      if (start + span.bytes <= other.start) break;
      start = Math.max(start, align(other.end));
    }
    offsets[index] = start;
    const end = start + span.bytes;
    total = Math.max(total, end);
    const at = placed.findIndex((other) => other.start > start);
    placed.splice(at < 0 ? placed.length : at, 0, { span, start, end });
  }
  return { offsets, bytes: align(total) };
}

export function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}
