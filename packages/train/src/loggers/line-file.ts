import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** A text file that grows line by line; what was written is there even if the process is killed. */
export class LineFile {
  private descriptor: number | undefined;

  constructor(private readonly path: string) {}

  /**
   * Begins to write.
   *
   * @param keep which lines of an earlier part of the run stay; without it the file begins anew
   */
  open(keep?: (line: string) => boolean): void {
    mkdirSync(dirname(this.path), { recursive: true });
    const before =
      keep !== undefined && existsSync(this.path) ? readFileSync(this.path, 'utf8') : '';
    // The last line may be cut off; it has no end then.
    const lines = before.split('\n').slice(0, -1);
    const kept = lines.filter((line) => keep?.(line) === true);
    const next = `${this.path}.next`;
    writeFileSync(next, kept.map((line) => `${line}\n`).join(''));
    renameSync(next, this.path);
    this.descriptor = openSync(this.path, 'a');
  }

  write(line: string): void {
    if (this.descriptor !== undefined) writeSync(this.descriptor, `${line}\n`);
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}
