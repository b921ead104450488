import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, ProcessOptions, Request } from './messages.js';

/** A process with one variant. Only one of them works at any time. */
export class Child {
  private constructor(
    private readonly process: ChildProcess,
    readonly description: string,
  ) {}

  static async start(options: ProcessOptions): Promise<Child> {
    const child = fork(fileURLToPath(new URL('./process.js', import.meta.url)), [
      JSON.stringify(options),
    ]);
    const answer = await nextAnswer(child);
    if (answer.kind === 'started') return new Child(child, answer.description);
    child.kill();
    throw new Error(answer.kind === 'failed' ? answer.message : 'unexpected answer');
  }

  /** @throws Error when the variant cannot do it */
  async ask(request: Request): Promise<number> {
    const pending = nextAnswer(this.process);
    this.process.send(request);
    const answer = await pending;
    if (answer.kind === 'done') return answer.value;
    throw new Error(answer.kind === 'failed' ? answer.message : 'unexpected answer');
  }

  stop(): void {
    this.process.kill();
  }
}

function nextAnswer(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      child.off('message', answered);
      child.off('exit', ended);
    };
    const answered = (answer: Answer): void => {
      settle();
      resolve(answer);
    };
    const ended = (code: number | null): void => {
      settle();
      reject(new Error(`The process ended with code ${code}`));
    };
    child.on('message', answered);
    child.on('exit', ended);
  });
}
