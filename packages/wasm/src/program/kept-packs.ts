import { TILE_COLUMNS } from '../kernels/gemm/layout.js';
import { type Call, isPlace, type Recording, SCRATCH, type Word } from './recording.js';

/** The words of `packTask`, in src/kernels/gemm/product.ts and src/kernels/conv/pack-filter.ts. */
const PACK = { source: 0, k: 3, columns: 4, packed: 5, batchBytes: 7, tasksPerBatch: 9 } as const;

interface Pack {
  readonly call: Call;
  readonly source: number;
  readonly start: number;
  readonly bytes: number;
}

/**
 * Lets the packed form of operands that stand still, such as weights while nothing trains them,
 * outlive the call: it gets a region of its own instead of scratch memory, and is packed only when
 * the operand has changed.
 *
 * @param standsStill whether a region of the recording keeps its contents from call to call
 */
export function keepPacks(
  recording: Recording,
  operands: number,
  standsStill: (region: number) => boolean,
): Recording {
  const packs = recording.calls.flatMap((call) => packOf(call) ?? []);
  const kept = packs.filter(
    (pack) =>
      standsStill(pack.source) && packs.every((other) => other === pack || !overlap(other, pack)),
  );
  if (kept.length === 0) return recording;
  const first = operands + recording.allocated.length;
  const move = (word: Word): Word => {
    if (!isPlace(word) || word.region !== SCRATCH) return word;
    const index = kept.findIndex(
      ({ start, bytes }) => word.offset >= start && word.offset < start + bytes,
    );
    if (index < 0) return word;
    return { region: first + index, offset: word.offset - kept[index]!.start };
  };
  return {
    ...recording,
    kept: kept.map(({ bytes }) => bytes),
    calls: recording.calls.map((call) => {
      const pack = kept.find((each) => each.call === call);
      const moved = { ...call, args: call.args.map(move) };
      return pack === undefined ? moved : { ...moved, whenChanged: pack.source };
    }),
  };
}

function packOf(call: Call): Pack | undefined {
  if (call.kind !== 'tasks' || call.name !== 'packTask') return undefined;
  const source = call.args[PACK.source]!;
  const packed = call.args[PACK.packed]!;
  if (!isPlace(source) || !isPlace(packed) || packed.region !== SCRATCH) return undefined;
  const number = (word: number): number => call.args[word] as number;
  const panels = Math.ceil(number(PACK.columns) / TILE_COLUMNS);
  const batches = call.tasks / number(PACK.tasksPerBatch);
  const bytes =
    batches > 1 ? batches * number(PACK.batchBytes) : panels * TILE_COLUMNS * number(PACK.k) * 4;
  return { call, source: source.region, start: packed.offset, bytes };
}

function overlap(a: Pack, b: Pack): boolean {
  return a.start < b.start + b.bytes && b.start < a.start + a.bytes;
}
