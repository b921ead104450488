import type { StateDict, TensorValue } from '@ae/module';
import { writeSafetensors } from '../safetensors/write.js';
import { type Checkpoint, TENSOR_GROUPS, type TensorGroup } from './checkpoint.js';

/** What there is to tell of one tensor of a checkpoint. */
export interface TensorSummary {
  readonly group: TensorGroup;
  /** `enc1/kernel`; in the group `optimizer` with the slot behind it. */
  readonly path: string;
  readonly dtype: TensorValue['dtype'];
  readonly shape: readonly number[];
  /** The Euclidean norm, in double precision. */
  readonly norm: number;
  /** How many elements are NaN or infinite. */
  readonly nonFinite: number;
}

/** Every tensor of a checkpoint, group by group, ordered by path. */
export function inspectCheckpoint(checkpoint: Checkpoint): TensorSummary[] {
  return TENSOR_GROUPS.flatMap((group) =>
    [...(checkpoint.tensors[group] ?? [])]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, value]) => summary(group, path, value)),
  );
}

function summary(group: TensorGroup, path: string, value: TensorValue): TensorSummary {
  let squares = 0;
  let nonFinite = 0;
  for (const element of value.data) {
    if (Number.isFinite(element)) squares += element * element;
    else nonFinite++;
  }
  const norm = nonFinite > 0 ? Number.NaN : Math.sqrt(squares);
  return { group, path, dtype: value.dtype, shape: value.shape, norm, nonFinite };
}

/** How tensors are called in a file: `enc1/kernel`, `enc1.kernel`, or as a function says. */
export type Naming = 'path' | 'dots' | ((path: string) => string);

/** Options of {@link exportCheckpoint}. */
export interface ExportOptions {
  /** `weights`, or `average` for the averaged ones of runs that keep them. */
  group?: TensorGroup;
  naming?: Naming;
  /** Strings for the header of the file. */
  metadata?: Readonly<Record<string, string>>;
}

/**
 * The weights of a checkpoint as a safetensors file of their own.
 *
 * @throws Error when the checkpoint has no such group or two tensors would get one name
 */
export function exportCheckpoint(checkpoint: Checkpoint, options: ExportOptions = {}): Uint8Array {
  const { group = 'weights', naming = 'path', metadata } = options;
  const values = checkpoint.tensors[group];
  if (values === undefined) {
    const present = TENSOR_GROUPS.filter((each) => checkpoint.tensors[each] !== undefined);
    throw new Error(
      `The checkpoint "${checkpoint.info.name}" has no ${group}. It has: ${present.join(', ')}.`,
    );
  }
  return writeSafetensors(renamed(values, naming), metadata);
}

function renamed(values: StateDict, naming: Naming): StateDict {
  const named: StateDict = new Map();
  for (const [path, value] of values) {
    const name =
      typeof naming === 'function'
        ? naming(path)
        : naming === 'dots'
          ? path.replaceAll('/', '.')
          : path;
    if (named.has(name)) throw new Error(`Two tensors would be called "${name}".`);
    named.set(name, value);
  }
  return named;
}
