/** What a thread sends and gets messages by, in browsers as in Node. */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  addEventListener(
    type: 'message',
    listener: (event: { data: unknown }) => void,
    options?: { once: boolean },
  ): void;
  start?(): void;
}

/** A worker of `node:worker_threads`. */
interface NodeWorker {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'exit', listener: (code: number) => void): void;
  unref(): void;
  terminate(): Promise<number>;
}

/** The parts of Node's own modules that this package uses, so that no browser bundle names them. */
interface NodeModules {
  'node:fs/promises': { readFile(path: URL | string): Promise<Uint8Array<ArrayBuffer>> };
  'node:os': { availableParallelism(): number };
  'node:v8': { setFlagsFromString(flags: string): void };
  'node:worker_threads': {
    readonly isMainThread: boolean;
    readonly parentPort: MessagePortLike | null;
    Worker: new (
      code: string,
      options: { eval: boolean; name: string; execArgv: string[]; env: Record<string, string> },
    ) => NodeWorker;
  };
}

interface NodeProcess {
  versions?: { node?: string; v8?: string };
  getBuiltinModule?<Name extends keyof NodeModules>(name: Name): NodeModules[Name];
}

const { process } = globalThis as { process?: NodeProcess };

/** True in Node, and in what has Node's modules, such as Bun and Deno. */
export const isNode: boolean =
  process?.versions?.node !== undefined && process.getBuiltinModule !== undefined;

/** The major version of Node's JavaScript engine; 0 in other engines. */
export function v8Version(): number {
  return Number.parseInt(process?.versions?.v8 ?? '0', 10);
}

/** A built-in module of Node. Only call it when {@link isNode}. */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] {
  return process!.getBuiltinModule!(name);
}
