import { type Checkpoint, inspectCheckpoint, type TensorSummary } from '@ae/train';
import type { InspectArguments } from './arguments.js';
import type { Output } from './output.js';
import { openCheckpoint } from './saved-run.js';

/** `ae inspect`: what a checkpoint holds. */
export async function inspect(args: InspectArguments, output: Output): Promise<number> {
  const { checkpoint, path } = await openCheckpoint(args.checkpoint, output.note);
  const tensors = inspectCheckpoint(checkpoint);
  for (const line of describe(checkpoint, path, tensors)) output.result(line);
  if (args.json) {
    output.result(
      JSON.stringify({
        checkpoint: path,
        ...checkpoint.info,
        config: configOf(checkpoint),
        tensors,
      }),
    );
  }
  return 0;
}

function configOf(checkpoint: Checkpoint): unknown {
  return (checkpoint.state as { config?: unknown }).config ?? null;
}

function describe(
  checkpoint: Checkpoint,
  path: string,
  tensors: readonly TensorSummary[],
): string[] {
  const { run, step, epoch, savedAt, metrics, pinned } = checkpoint.info;
  const facts: [string, string][] = [
    ['saved', savedAt],
    ['step', String(step)],
    ['epoch', String(epoch)],
    ['run', run],
    ['pinned', pinned ? 'yes' : 'no'],
    ...Object.entries(metrics).map(([name, value]): [string, string] => [name, String(value)]),
    ['config', JSON.stringify(configOf(checkpoint))],
  ];
  const groups = groupsOf(tensors);
  return [
    path,
    ...facts.map(([name, value]) => `  ${name.padEnd(16)}${value}`),
    ...[...groups].flatMap(([group, members]) => ['', ...tree(group, members)]),
  ];
}

function groupsOf(tensors: readonly TensorSummary[]): Map<string, TensorSummary[]> {
  const groups = new Map<string, TensorSummary[]>();
  for (const tensor of tensors) {
    groups.set(tensor.group, [...(groups.get(tensor.group) ?? []), tensor]);
  }
  return groups;
}

/** The paths as a tree, one line each, with the figures in columns. */
function tree(group: string, tensors: readonly TensorSummary[]): string[] {
  const values = tensors.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const rows: { text: string; figures?: string }[] = [];
  let before: string[] = [];
  for (const tensor of tensors) {
    const names = tensor.path.split('/');
    for (const [depth, name] of names.entries()) {
      const shared = names.slice(0, depth + 1).every((each, at) => each === before[at]);
      const isLeaf = depth === names.length - 1;
      if (shared && !isLeaf) continue;
      const text = `${'  '.repeat(depth + 1)}${name}`;
      rows.push(isLeaf ? { text, figures: figuresOf(tensor) } : { text });
    }
    before = names;
  }
  const width = Math.max(...rows.map(({ text }) => text.length)) + 2;
  return [
    `${group}: ${values.toLocaleString('en')} values in ${tensors.length} tensors`,
    ...rows.map(({ text, figures }) =>
      figures === undefined ? text : text.padEnd(width) + figures,
    ),
  ];
}

function figuresOf({ dtype, shape, norm, nonFinite }: TensorSummary): string {
  const shown =
    nonFinite > 0 ? `${nonFinite} values are not finite` : `norm ${norm.toPrecision(6)}`;
  return `${dtype}  ${`[${shape.join(', ')}]`.padEnd(20)}  ${shown}`;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}
