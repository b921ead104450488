/** The parts of Node's own modules that this package uses, so that no browser bundle names them. */
interface NodeModules {
  'node:fs/promises': { readFile(path: URL | string): Promise<Uint8Array<ArrayBuffer>> };
  'node:v8': { setFlagsFromString(flags: string): void };
}

interface NodeProcess {
  versions?: { node?: string };
  getBuiltinModule?<Name extends keyof NodeModules>(name: Name): NodeModules[Name];
}

const { process } = globalThis as { process?: NodeProcess };

/** True in Node (and in what behaves like it, such as Bun, Deno or Electron). */
export const isNode: boolean =
  process?.versions?.node !== undefined && process.getBuiltinModule !== undefined;

/** A built-in module of Node. Only call it when {@link isNode}. */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] {
  return process!.getBuiltinModule!(name);
}
