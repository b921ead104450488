/** Where results and messages go; tests put their own in its place. */
export interface Output {
  /** A line of the result, on standard output. */
  result(line: string): void;
  /** A line about what happens, on standard error. */
  note(line: string): void;
}

export const terminal: Output = {
  result: (line) => void process.stdout.write(`${line}\n`),
  note: (line) => void process.stderr.write(`${line}\n`),
};
