import { type CheckpointInfo, FORMAT, VERSION } from './checkpoint.js';
import { fromJson, type Json, toJson } from './json.js';

/** Size and SHA-256 of a file. */
export interface FileSum {
  readonly bytes: number;
  readonly sha256: string;
}

export interface Manifest {
  readonly info: Omit<CheckpointInfo, 'name' | 'sequence'>;
  readonly files: ReadonlyMap<string, FileSum>;
}

/** What is wrong with a checkpoint that cannot be used. */
export class DamagedCheckpointError extends Error {
  override readonly name = 'DamagedCheckpointError';
  constructor(
    /** The checkpoint's name in its store. */
    readonly checkpoint: string,
    readonly problem: string,
  ) {
    super(`The checkpoint "${checkpoint}" is damaged: ${problem}`);
  }
}

/**
 * SHA-256 in hexadecimal digits.
 *
 * @throws Error in a page that is neither served by https nor from localhost
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  if (globalThis.crypto?.subtle === undefined) {
    throw new Error(
      'Checkpoints need WebCrypto, which pages have only over https or on localhost.',
    );
  }
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export async function sumsOf(
  files: ReadonlyMap<string, Uint8Array>,
): Promise<Map<string, FileSum>> {
  const sums = new Map<string, FileSum>();
  for (const [file, bytes] of files) {
    sums.set(file, { bytes: bytes.length, sha256: await sha256(bytes) });
  }
  return sums;
}

/** JSON whose last member is the SHA-256 of the rest, so that no bit of it can change unseen. */
export async function encodeManifest({ info, files }: Manifest): Promise<Uint8Array> {
  const content = toJson({
    format: FORMAT,
    version: VERSION,
    run: info.run,
    step: info.step,
    epoch: info.epoch,
    savedAt: info.savedAt,
    metrics: info.metrics,
    pinned: info.pinned,
    files: Object.fromEntries([...files].map(([file, sum]) => [file, { ...sum }])),
  });
  return signed(content);
}

async function signed(content: string): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const open = content.slice(0, content.lastIndexOf('\n}'));
  const sum = await sha256(encoder.encode(open));
  return encoder.encode(`${open},\n "sha256": "${sum}"\n}\n`);
}

/** @throws DamagedCheckpointError when it is not exactly what {@link encodeManifest} gives */
export async function decodeManifest(name: string, bytes: Uint8Array): Promise<Manifest> {
  const damaged = (problem: string): never => {
    throw new DamagedCheckpointError(name, problem);
  };
  let text: string;
  let json: Json;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    json = fromJson(text);
  } catch {
    return damaged('its manifest.json is not JSON. It was probably not written to the end.');
  }
  const end = text.lastIndexOf(',\n "sha256"');
  if (end < 0 || new TextDecoder().decode(await signed(`${text.slice(0, end)}\n}\n`)) !== text) {
    return damaged('the checksum of its manifest.json is wrong.');
  }
  // The sum shows that this library wrote it, so its form is known.
  const content = json as {
    [key: string]: Json;
  } & CheckpointInfo & { files: Record<string, FileSum> };
  if (content.format !== FORMAT || content.version !== VERSION) {
    return damaged(
      `its format is ${content.format} version ${content.version}; ` +
        `this program reads ${FORMAT} version ${VERSION}. A newer @ae/train may read it.`,
    );
  }
  const { run, step, epoch, savedAt, metrics, pinned } = content;
  return {
    info: { run, step, epoch, savedAt, metrics, pinned },
    files: new Map(Object.entries(content.files)),
  };
}
