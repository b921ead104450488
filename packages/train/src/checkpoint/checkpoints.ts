import { assertStoreName, type CheckpointStore } from '../stores/store.js';
import {
  type Checkpoint,
  type CheckpointContent,
  type CheckpointInfo,
  decodeContent,
  encodeContent,
  MANIFEST,
  PINNED,
} from './checkpoint.js';
import {
  DamagedCheckpointError,
  decodeManifest,
  encodeManifest,
  type Manifest,
  sumsOf,
} from './manifest.js';
import { bestFirst, type Keep, kept } from './retention.js';

/** What a listing of a store gives. */
export interface CheckpointListing {
  /** Those whose manifest is good, newest first. */
  readonly checkpoints: readonly CheckpointInfo[];
  /** Those that cannot be used, each with what is wrong. */
  readonly damaged: readonly DamagedCheckpointError[];
  /** Names of writes that were broken off; they can be deleted by hand. */
  readonly leftovers: readonly string[];
}

/** What to tell of a checkpoint that is saved. */
export interface SaveOptions {
  readonly run: string;
  readonly step: number;
  readonly epoch: number;
  readonly metrics?: Readonly<Record<string, number>>;
  /** Keep it whatever the rules say. */
  readonly pinned?: boolean;
  /** Remove the checkpoints of all other runs, once this one is good. */
  readonly replaceOthers?: boolean;
}

const NAME = /^([0-9]{6,15})-step-[0-9]+$/;

/**
 * The checkpoints of a store: saves new ones, finds the newest good one, and
 * removes those that no rule keeps. Damaged ones are named and never removed.
 *
 * ```ts
 * const checkpoints = new Checkpoints(directory('runs/mnist'), { last: 3, best: 1 });
 * const newest = await checkpoints.latest();
 * ```
 */
export class Checkpoints {
  constructor(
    readonly store: CheckpointStore,
    private readonly keep: Keep = { last: 3 },
  ) {}

  /** What the store holds. Reads the manifests only. */
  async list(): Promise<CheckpointListing> {
    const checkpoints: CheckpointInfo[] = [];
    const damaged: DamagedCheckpointError[] = [];
    for (const name of await this.store.list()) {
      if (!NAME.test(name)) continue;
      try {
        checkpoints.push((await this.manifest(name)).info);
      } catch (error) {
        if (!(error instanceof DamagedCheckpointError)) throw error;
        damaged.push(error);
      }
    }
    checkpoints.sort((a, b) => b.sequence - a.sequence);
    return { checkpoints, damaged, leftovers: await this.store.leftovers() };
  }

  /**
   * The newest checkpoint that is whole, checked file by file.
   *
   * @param onDamaged is told of each newer one that had to be skipped
   * @returns undefined when the store has none
   */
  async latest(
    onDamaged?: (damage: DamagedCheckpointError) => void,
  ): Promise<Checkpoint | undefined> {
    const { checkpoints, damaged } = await this.list();
    for (const damage of damaged) onDamaged?.(damage);
    return this.firstGood(checkpoints, onDamaged);
  }

  /** The best checkpoint by the metric of the `keep` rules, or by another. */
  async best(options: Pick<Keep, 'metric' | 'mode'> = this.keep): Promise<Checkpoint | undefined> {
    const { checkpoints } = await this.list();
    return this.firstGood(bestFirst(checkpoints, options));
  }

  /**
   * Reads a checkpoint and checks every file against its sum.
   *
   * @throws DamagedCheckpointError naming the file
   */
  async load(name: string): Promise<Checkpoint> {
    const { info, files } = await this.checkedFiles(name);
    try {
      return { info, ...decodeContent(files) };
    } catch (error) {
      throw new DamagedCheckpointError(name, messageOf(error));
    }
  }

  /**
   * Writes a checkpoint, reads it back, and only then removes what no rule keeps any more.
   *
   * @param content is not changed and must not be until the promise settles
   * @throws Error when it could not be written; older checkpoints are untouched then
   */
  async save(content: CheckpointContent, options: SaveOptions): Promise<CheckpointInfo> {
    const { run, step, epoch, metrics = {}, pinned = false } = options;
    const files = encodeContent(content);
    const savedAt = new Date().toISOString();
    const info = { run, step, epoch, savedAt, metrics, pinned };
    files.set(MANIFEST, await encodeManifest({ info, files: await sumsOf(files) }));
    const sequence = (await this.highestSequence()) + 1;
    const name = `${String(sequence).padStart(6, '0')}-step-${step}`;
    await this.store.write(name, files);
    await this.checkedFiles(name);
    await this.removeOld(options);
    return { name, sequence, ...info };
  }

  /** Keeps a checkpoint whatever the rules say. */
  async pin(name: string): Promise<void> {
    await this.setPinned(name, true);
  }

  /** Leaves a checkpoint to the rules again. */
  async unpin(name: string): Promise<void> {
    await this.setPinned(name, false);
  }

  /** Removes a checkpoint, also a pinned or damaged one. */
  async remove(name: string): Promise<void> {
    assertStoreName(name);
    await this.store.remove(name);
  }

  private async setPinned(name: string, pinned: boolean): Promise<void> {
    await this.manifest(name);
    await this.store.put(name, PINNED, new TextEncoder().encode(`${pinned}\n`));
  }

  private async removeOld({ run, replaceOthers = false }: SaveOptions): Promise<void> {
    const { checkpoints } = await this.list();
    const own = checkpoints.filter((checkpoint) => checkpoint.run === run);
    const keep = kept(own, this.keep);
    for (const { name, run: owner } of checkpoints) {
      const wanted = owner === run ? keep.has(name) : !replaceOthers;
      if (!wanted) await this.store.remove(name);
    }
  }

  private async highestSequence(): Promise<number> {
    const names = await this.store.list();
    return Math.max(0, ...names.map((name) => Number(NAME.exec(name)?.[1] ?? 0)));
  }

  private async firstGood(
    checkpoints: readonly CheckpointInfo[],
    onDamaged?: (damage: DamagedCheckpointError) => void,
  ): Promise<Checkpoint | undefined> {
    for (const { name } of checkpoints) {
      try {
        return await this.load(name);
      } catch (error) {
        if (!(error instanceof DamagedCheckpointError)) throw error;
        onDamaged?.(error);
      }
    }
    return undefined;
  }

  /** Every file of a checkpoint, found to be as it was written. */
  private async checkedFiles(
    name: string,
  ): Promise<{ info: CheckpointInfo; files: Map<string, Uint8Array> }> {
    const { info, files: sums } = await this.manifest(name);
    const files = new Map<string, Uint8Array>();
    for (const [file, { bytes }] of sums) files.set(file, await this.fileOf(name, file, bytes));
    const actual = await sumsOf(files);
    for (const [file, { sha256 }] of sums) {
      if (actual.get(file)?.sha256 === sha256) continue;
      throw new DamagedCheckpointError(name, `the checksum of ${file} is wrong.`);
    }
    return { info, files };
  }

  private async manifest(name: string): Promise<Manifest & { info: CheckpointInfo }> {
    const files = await this.store.files(name);
    if (!files.includes(MANIFEST)) {
      throw new DamagedCheckpointError(
        name,
        'it has no manifest.json: it was not written to the end.',
      );
    }
    const manifest = await decodeManifest(name, await this.store.read(name, MANIFEST));
    let { pinned } = manifest.info;
    if (files.includes(PINNED)) {
      pinned = new TextDecoder().decode(await this.store.read(name, PINNED)).trim() !== 'false';
    }
    const sequence = Number(NAME.exec(name)?.[1] ?? 0);
    return { ...manifest, info: { ...manifest.info, name, sequence, pinned } };
  }

  private async fileOf(name: string, file: string, bytes: number): Promise<Uint8Array> {
    let read: Uint8Array;
    try {
      assertStoreName(file);
      read = await this.store.read(name, file);
    } catch (error) {
      throw new DamagedCheckpointError(name, messageOf(error));
    }
    if (read.length === bytes) return read;
    throw new DamagedCheckpointError(name, `${file} has ${read.length} bytes instead of ${bytes}.`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
