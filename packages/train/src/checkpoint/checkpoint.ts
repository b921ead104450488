import type { StateDict } from '@ae/module';
import { readSafetensors } from '../safetensors/read.js';
import { toStateDict } from '../safetensors/values.js';
import { writeSafetensors } from '../safetensors/write.js';
import { fromJson, type Json, toJson } from './json.js';

/*
 * The layout of a checkpoint, version 1. A checkpoint is a group of files:
 *
 *   weights.safetensors     the model's variables by path
 *   optimizer.safetensors   what the optimizer remembers: path/slot
 *   average.safetensors     averaged weights by path, when the run keeps them
 *   callbacks.safetensors   tensors of callbacks: callback/path
 *   state.json              step, epoch, position in the data, seed, exact scalars of
 *                           the optimizer, metrics, history, callbacks
 *   manifest.json           written last: what the checkpoint is, and the size and
 *                           SHA-256 of every other file
 *   pinned.json             true or false; only when `pin` or `unpin` was called
 *
 * A group without a valid manifest, or whose files do not have the sums in it, is
 * no checkpoint. `state.json` and the tensors depend on the run alone, not on
 * clocks; times stand in the manifest.
 */
export const FORMAT = 'ae-checkpoint';
export const VERSION = 1;
export const MANIFEST = 'manifest.json';
const STATE = 'state.json';
export const PINNED = 'pinned.json';

/** The groups of tensors in a checkpoint; each is one safetensors file. */
export const TENSOR_GROUPS = ['weights', 'optimizer', 'average', 'callbacks'] as const;
export type TensorGroup = (typeof TENSOR_GROUPS)[number];

/** What a checkpoint holds. */
export interface CheckpointContent {
  readonly tensors: Readonly<Partial<Record<TensorGroup, StateDict>>>;
  /** What goes to `state.json`. */
  readonly state: Json;
}

/** What the manifest tells about a checkpoint. */
export interface CheckpointInfo {
  /** Its name in the store. */
  readonly name: string;
  /** Numbered from 1 in the order of writing; the newest has the highest. */
  readonly sequence: number;
  /** The run it belongs to; a resumed run stays the same. */
  readonly run: string;
  readonly step: number;
  readonly epoch: number;
  /** ISO 8601. */
  readonly savedAt: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly pinned: boolean;
}

/** A checkpoint that was read and found good. */
export interface Checkpoint extends CheckpointContent {
  readonly info: CheckpointInfo;
}

/** The files of some content, without the manifest. */
export function encodeContent(content: CheckpointContent): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const group of TENSOR_GROUPS) {
    const values = content.tensors[group];
    if (values === undefined) continue;
    files.set(tensorFile(group), writeSafetensors(values, { format: FORMAT, group }));
  }
  files.set(STATE, new TextEncoder().encode(toJson(content.state)));
  return files;
}

/** The content of the files that {@link encodeContent} gave. */
export function decodeContent(files: ReadonlyMap<string, Uint8Array>): CheckpointContent {
  const tensors: Partial<Record<TensorGroup, StateDict>> = {};
  for (const group of TENSOR_GROUPS) {
    const bytes = files.get(tensorFile(group));
    if (bytes !== undefined) tensors[group] = toStateDict(readSafetensors(bytes));
  }
  const state = files.get(STATE);
  if (state === undefined) throw new Error(`${STATE} is missing.`);
  return { tensors, state: fromJson(new TextDecoder().decode(state)) };
}

/** The file that holds a group of tensors. */
function tensorFile(group: TensorGroup): string {
  return `${group}.safetensors`;
}
