/**
 * New names for layers or single weights: `{ conv2d: 'enc1' }`. An entry applies
 * to a path that equals its key or begins with the key and a slash; of several,
 * the longest.
 */
export type Rename = Readonly<Record<string, string>>;

/** Applies {@link Rename} to paths, and knows which of its entries were never of use. */
export class Renamer {
  private readonly unused: Set<string>;
  private readonly seen: string[] = [];

  constructor(private readonly rename: Rename = {}) {
    this.unused = new Set(Object.keys(rename));
  }

  apply(path: string): string {
    this.seen.push(path);
    let best: string | undefined;
    for (const key of Object.keys(this.rename)) {
      const applies = path === key || path.startsWith(`${key}/`);
      if (applies && key.length > (best?.length ?? -1)) best = key;
    }
    if (best === undefined) return path;
    this.unused.delete(best);
    // A layer renamed to '' moves what is below it up.
    return (this.rename[best]! + path.slice(best.length)).replace(/^\//, '');
  }

  /** For the way back: from your names to the file's. */
  inverse(): Renamer {
    return new Renamer(
      Object.fromEntries(Object.entries(this.rename).map(([file, yours]) => [yours, file])),
    );
  }

  /** @throws Error when an entry applied to nothing, which is a slip of the pen */
  assertAllUsed(): void {
    if (this.unused.size === 0) return;
    const names = [...this.unused].map((name) => `'${name}'`).join(', ');
    throw new Error(
      `rename: the file has nothing called ${names}. It has: ${this.seen.join(', ')}.`,
    );
  }
}
