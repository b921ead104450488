import { util } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../backend/ae-wasm-backend.js';
import { layOut, type Span } from './arena.js';
import { recordLoop } from './fuse-elementwise.js';
import { worksInPlace, worksInPlaceAt } from './in-place.js';
import { keepPacks } from './kept-packs.js';
import { type Recording, recordOperation } from './recording.js';
import { type Operation, operandsOf, type ProgramSource, type ValueId } from './source.js';

/** A stretch of memory of a program: an input's, a constant's, or a part of the arena. */
export type Region =
  | { readonly kind: 'input'; readonly index: number; last: number }
  | { readonly kind: 'constant'; readonly index: number; readonly bytes: number }
  | { readonly kind: 'kept'; readonly bytes: number }
  | ({ readonly kind: 'arena' } & Span);

/** An operation with the regions that it works on. */
export interface Step {
  readonly operation: Operation;
  /** Absent for a kernel that is called as it is, since it does more than call functions. */
  readonly recording: Recording | undefined;
  /** For each region of the recording, the region of the program. */
  readonly regions: readonly number[];
}

/** Where everything in a program lies. */
export interface Layout {
  readonly steps: readonly Step[];
  readonly regions: readonly Region[];
  readonly regionOf: ReadonlyMap<ValueId, number>;
  /** Bytes into the arena, for its regions. */
  readonly offsets: ReadonlyMap<number, number>;
  readonly arenaBytes: number;
}

export function bytesOf({ values }: ProgramSource, id: ValueId): number {
  const { shape, dtype } = values[id]!;
  return util.sizeFromShape(shape) * util.bytesPerElement(dtype);
}

function sizeOf(region: Region): number | undefined {
  return 'bytes' in region ? region.bytes : undefined;
}

/** Gives every value its memory. */
export class RegionPlan {
  private readonly regions: Region[] = [];
  private readonly regionOf = new Map<ValueId, number>();
  private readonly steps: {
    operation: Operation;
    recording: Recording | undefined;
    regions: number[];
  }[] = [];
  private readonly end: number;

  constructor(
    private readonly backend: AeWasmBackend,
    private readonly source: ProgramSource,
  ) {
    this.end = source.operations.length;
  }

  make(): Layout {
    const { source } = this;
    source.inputs.forEach((value, index) => {
      this.add({ kind: 'input', index, last: -1 }, value);
    });
    source.constants.forEach(({ value }, index) => {
      this.add({ kind: 'constant', index, bytes: bytesOf(source, value) }, value);
    });
    source.operations.forEach((operation, index) => {
      this.place(operation, index);
    });
    const ends = [...source.results, ...source.assignments.map(({ value }) => value)];
    for (const value of ends) this.use(this.regionOf.get(value)!, this.end);
    this.reuseOperands();
    this.reuseVariables();
    return this.layOut();
  }

  private add(region: Region, value?: ValueId): number {
    const id = this.regions.push(region) - 1;
    if (value !== undefined && value >= 0) this.regionOf.set(value, id);
    return id;
  }

  private use(region: number, at: number): void {
    const used = this.regions[region]!;
    if ('last' in used) used.last = Math.max(used.last, at);
  }

  private place(operation: Operation, index: number): void {
    const { backend, source } = this;
    const recorded = recordLoop(operation) ?? recordOperation(backend, operation, source.values);
    const regions = [...new Set(operandsOf(operation))].map((id) => this.regionOf.get(id)!);
    for (const region of regions) this.use(region, index);
    const recording =
      recorded &&
      keepPacks(recorded, regions.length, (region) => this.standsStill(regions[region]!));
    const add = (bytes: number) => this.add({ kind: 'arena', bytes, first: index, last: index });
    for (const bytes of recording?.allocated ?? []) regions.push(add(bytes));
    for (const bytes of recording?.kept ?? []) regions.push(this.add({ kind: 'kept', bytes }));
    operation.outputs.forEach((id, i) => {
      const region = recording ? regions[recording.outputs[i]!]! : add(bytesOf(source, id));
      this.regionOf.set(id, region);
    });
    this.steps.push({ operation, recording, regions });
  }

  /** Whether the contents are the same at most calls: a constant, or a variable that is not assigned. */
  private standsStill(id: number): boolean {
    const { inputs, variables, assignments } = this.source;
    const region = this.regions[id]!;
    if (region.kind !== 'input') return region.kind === 'constant';
    const { index } = region;
    return index >= inputs.length - variables && !assignments.some(({ input }) => input === index);
  }

  /** Lets an elementwise operation write over operands that it is the last to need. */
  private reuseOperands(): void {
    this.steps.forEach(({ operation, recording }, index) => {
      if (recording === undefined || !worksInPlace(operation.kernel)) return;
      for (const output of operation.outputs) {
        const from = this.regionOf.get(output)!;
        const result = this.regions[from]!;
        if (result.kind !== 'arena' || result.first !== index) continue;
        const ending = operandsOf(operation)
          .map((operand) => this.regionOf.get(operand)!)
          .find((id) => this.endsAt(id, index) && sizeOf(this.regions[id]!) === result.bytes);
        if (ending === undefined) continue;
        (this.regions[ending] as Span).last = result.last;
        this.replace(from, ending);
      }
    });
  }

  /** Whether a region of the arena that earlier steps filled is needed for the last time. */
  private endsAt(id: number, index: number): boolean {
    const region = this.regions[id]!;
    return region.kind === 'arena' && region.first < index && region.last === index;
  }

  /** Lets the new value of a variable be computed into the variable's own memory. */
  private reuseVariables(): void {
    const { source, regions } = this;
    // What runs in JavaScript may throw, and then the variables must be as they were.
    const lastHost = this.steps.map(({ recording }) => recording).lastIndexOf(undefined);
    for (const { input, value } of source.assignments) {
      const from = this.regionOf.get(value)!;
      const result = regions[from]!;
      const to = regions.findIndex((region) => region.kind === 'input' && region.index === input);
      const variable = regions[to]!;
      if (result.kind !== 'arena' || variable.kind !== 'input') continue;
      if (result.first <= lastHost) continue;
      const step = this.steps[result.first]!;
      if (step.recording === undefined || result.bytes !== bytesOf(source, value)) continue;
      // In place, the only operand from the variable must be the one that belongs to this output.
      const isLater = variable.last < result.first;
      if (!isLater && !(variable.last === result.first && this.isOwnOperand(step, from, to)))
        continue;
      variable.last = this.end;
      this.replace(from, to);
    }
  }

  private isOwnOperand({ operation }: Step, output: number, variable: number): boolean {
    const place = operation.outputs.findIndex((id) => this.regionOf.get(id) === output);
    const operands = operandsOf(operation).map((id) => this.regionOf.get(id)!);
    return operands.every(
      (region, i) => region !== variable || worksInPlaceAt(operation, place, i),
    );
  }

  private replace(from: number, to: number): void {
    for (const [value, region] of this.regionOf) {
      if (region === from) this.regionOf.set(value, to);
    }
    for (const { regions } of this.steps) {
      regions.forEach((region, i) => {
        if (region === from) regions[i] = to;
      });
    }
    // Nothing lies there any more.
    this.regions[from] = { kind: 'arena', bytes: 0, first: 0, last: -1 };
  }

  private layOut(): Layout {
    const { steps, regions, regionOf } = this;
    const arena = regions.flatMap((region, id) =>
      region.kind === 'arena' ? [{ id, region }] : [],
    );
    const { offsets, bytes } = layOut(arena.map(({ region }) => region));
    return {
      steps,
      regions,
      regionOf,
      offsets: new Map(arena.map(({ id }, i) => [id, offsets[i]!])),
      arenaBytes: bytes,
    };
  }
}
