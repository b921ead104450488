import { Tensor, tidy, util } from '@tensorflow/tfjs-core';
import { isLayer } from './layer-like.js';
import { linkHolder } from './lineage.js';
import type { Module } from './module.js';
import { multiplyAdds } from './multiply-adds.js';
import { observe } from './observe.js';
import { formatSummary } from './summary-table.js';
import { byPath, variablesAmong } from './variable-nodes.js';
import { walk } from './walk.js';

/** What a layer, or a module with variables of its own, is made of. */
export interface SummaryRow {
  /** `''` for variables of the outermost module itself. */
  readonly path: string;
  /** The layer's kind, as `Conv2D`; `''` for a module. */
  readonly kind: string;
  /** The shapes of what it gave at its last call. Empty when it was not called. */
  readonly outputShapes: readonly (readonly number[])[];
  readonly parameters: number;
  /** How many of the parameters are trained. */
  readonly trainableParameters: number;
  readonly bytes: number;
  /** Multiplications with addition in matrix products and convolutions, of all its calls. */
  readonly multiplyAdds: number;
}

/** A module, layer by layer. Prints as a table; `rows` and `totals` are the data. */
export interface Summary {
  readonly name: string;
  /** Ordered by path. */
  readonly rows: readonly SummaryRow[];
  readonly totals: Omit<SummaryRow, 'path' | 'kind' | 'outputShapes'>;
  /** Whether the module was run, so that there are output shapes and multiply-adds. */
  readonly ran: boolean;
  /** The table. */
  toString(): string;
}

/** An empty row that can still be added to. */
type OpenRow = { -readonly [K in keyof SummaryRow]: SummaryRow[K] };

/** Summarises `module`, with what happens while `run` runs it. */
export function summarize(module: Module, run?: () => unknown): Summary {
  const rows = new Map<string, OpenRow>();
  const row = (path: string): OpenRow => {
    const found = rows.get(path) ?? {
      path,
      kind: '',
      outputShapes: [],
      parameters: 0,
      trainableParameters: 0,
      bytes: 0,
      multiplyAdds: 0,
    };
    rows.set(path, found);
    return found;
  };
  if (run) runObserved(module, run, row);

  const nodes = walk(module, linkHolder);
  for (const { value, owner, trainable } of variablesAmong(nodes)) {
    const entry = row(owner!.path);
    entry.parameters += value.size;
    if (trainable && value.trainable) entry.trainableParameters += value.size;
    entry.bytes += value.size * util.bytesPerElement(value.dtype);
  }
  for (const { path, value } of nodes.reverse()) {
    // From the innermost out: a recurrent layer is called by its own name, not its cell's.
    if (isLayer(value) && rows.has(path)) row(path).kind = value.getClassName();
  }
  const sorted = byPath([...rows.values()]);
  const total = (key: 'parameters' | 'trainableParameters' | 'bytes' | 'multiplyAdds'): number =>
    sorted.reduce((sum, each) => sum + each[key], 0);
  const summary = {
    name: module.name,
    rows: sorted,
    totals: {
      parameters: total('parameters'),
      trainableParameters: total('trainableParameters'),
      bytes: total('bytes'),
      multiplyAdds: total('multiplyAdds'),
    },
    ran: run !== undefined,
  };
  const print = (): string => formatSummary(summary);
  // What console.log of Node and Bun looks for.
  return Object.assign(summary, {
    toString: print,
    [Symbol.for('nodejs.util.inspect.custom')]: print,
  });
}

function runObserved(module: Module, run: () => unknown, row: (path: string) => OpenRow): void {
  tidy(() => {
    // Once unobserved, so that every layer exists.
    run();
  });
  tidy(() => {
    observe(
      module,
      {
        layerCalled(path, output) {
          const outputs = Array.isArray(output) ? output : [output];
          row(path).outputShapes = outputs
            .filter((each) => each instanceof Tensor)
            .map(({ shape }) => [...shape]);
        },
        kernelRun(path, name, inputs, attributes, output) {
          const count = multiplyAdds(name, inputs, attributes, output);
          if (count > 0) row(path).multiplyAdds += count;
        },
      },
      run,
    );
  });
}
