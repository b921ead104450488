import { untraceable } from '@ae/function';
import type { StateDict, TensorValue } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import { type Resting, release, toBackend, toHost } from '../tensor-value.js';
import { trainableVariablesOf, type VariableSource } from '../variables.js';
import { type Clip, clipGradients, type Gradients } from './clip.js';
import { type LearningRate, type Schedule, toSchedule } from './schedules.js';
import type { UpdateRule } from './update-rule.js';

/** Options that every optimizer has. */
export interface OptimizerOptions {
  /** A number, or a schedule over the optimizer's steps. */
  learningRate?: LearningRate;
  /** Part of each variable, times the learning rate, that every step takes away; 0. */
  weightDecay?: number;
  /** Which variables the weight decay applies to, by path; all. */
  weightDecayMask?: (path: string) => boolean;
  /** Limits the gradients before each step. */
  clip?: Clip;
}

/** All that an optimizer remembers; enough to go on exactly. */
export interface OptimizerState {
  /** Name of the rule, such as `adam`. */
  readonly name: string;
  /** How many steps were taken. */
  readonly step: number;
  /** The factor on the scheduled learning rate. */
  readonly learningRateScale: number;
  /** How many updates each variable has had: `[path, updates]`. */
  readonly updates: readonly (readonly [string, number])[];
  /** `path/slot` -> values. */
  readonly slots: StateDict;
}

/** What is remembered of one variable: on the backend while training, else on the host. */
interface Entry {
  updates: number;
  slots: Resting[];
}

/**
 * Takes steps along gradients. What it remembers of a variable is keyed by the
 * variable's path, so variables that appear late, are frozen for a while or get
 * no gradient in a step never disturb the memory of others; bias corrections
 * count the updates of each variable.
 */
export class Optimizer {
  /** How many steps were taken. */
  step = 0;
  /** Factor on the scheduled learning rate; saved with the state. */
  learningRateScale = 1;
  private readonly entries = new Map<string, Entry>();
  private readonly schedule: Schedule;

  /** @param options.learningRate is required here; the functions such as `adam` have defaults. */
  constructor(
    private readonly rule: UpdateRule,
    private readonly options: OptimizerOptions & { learningRate: LearningRate },
  ) {
    this.schedule = toSchedule(options.learningRate);
  }

  /** Name of the rule, such as `adam`. */
  get name(): string {
    return this.rule.name;
  }

  /** The learning rate of the next step. */
  get learningRate(): number {
    return this.schedule(this.step) * this.learningRateScale;
  }

  /**
   * Takes one step: changes every variable that has a gradient. The gradients
   * stay the caller's.
   *
   * @param gradients by path, as `valueAndGradients` gives them
   * @param source the module, list or map of variables that the paths belong to
   * @throws Error when a gradient belongs to no trainable variable or has another shape
   */
  apply(gradients: Gradients, source: VariableSource): void {
    this.updateVariables(gradients, source);
    this.count(gradients.keys());
  }

  /**
   * The part of {@link apply} that a compiled step can hold: it changes variables, and no counts of
   * this object. Numbers that change from step to step are looked up at each run.
   */
  updateVariables(gradients: Gradients, source: VariableSource): void {
    const variables = trainableVariablesOf(source);
    for (const [path, gradient] of gradients) assertFits(path, gradient, variables.get(path));
    const { clip } = this.options;
    const clipped = clip === undefined ? gradients : clipGradients(gradients, clip);
    for (const paths of this.groups(gradients.keys(), variables)) {
      this.updateGroup(paths, clipped, variables);
    }
    if (clipped !== gradients) tf.dispose([...clipped.values()]);
  }

  /** The rest of {@link apply}: counts the step for these paths. */
  count(paths: Iterable<string>): void {
    for (const path of paths) this.entries.get(path)!.updates++;
    this.step++;
  }

  /** Which variables are updated together: as long as it is the same, a compiled step holds. */
  get grouping(): string {
    const counts = [...new Set([...this.entries.values()].map(({ updates }) => updates))];
    return [...this.entries]
      .map(([path, { updates }]) => `${path}:${counts.indexOf(updates)}`)
      .join(' ');
  }

  /** A copy of everything that is remembered. */
  state(): OptimizerState {
    const slots: StateDict = new Map();
    const updates: [string, number][] = [];
    for (const [path, entry] of this.sorted()) {
      updates.push([path, entry.updates]);
      for (const [index, slot] of entry.slots.entries()) {
        slots.set(`${path}/${this.rule.slots[index]}`, toHost(slot));
      }
    }
    const { name, step, learningRateScale } = this;
    return { name, step, learningRateScale, updates, slots };
  }

  /**
   * Takes over a state. Slots of variables that do not exist yet wait until these appear.
   *
   * @throws Error when the state is another rule's or lacks a slot
   */
  load(state: OptimizerState): void {
    if (state.name !== this.name) {
      throw new Error(
        `The state belongs to the optimizer "${state.name}", not "${this.name}". ` +
          'Use the optimizer that the run began with.',
      );
    }
    const entries = state.updates.map(([path, updates]): [string, Entry] => {
      const slots = this.rule.slots.map((slot) => {
        const value = state.slots.get(`${path}/${slot}`);
        if (value !== undefined) return value;
        throw new Error(`The state of "${state.name}" has no slot "${path}/${slot}".`);
      });
      return [path, { updates, slots }];
    });
    this.dispose();
    for (const [path, entry] of entries) this.entries.set(path, entry);
    this.step = state.step;
    this.learningRateScale = state.learningRateScale;
  }

  /**
   * Moves what is remembered from the backend to the host, so that no tensors
   * remain; the next step moves it back. `fit` does so when it ends.
   */
  offload(): void {
    for (const entry of this.entries.values()) {
      entry.slots = entry.slots.map((slot) => {
        const value = toHost(slot);
        release(slot);
        return value;
      });
    }
  }

  /** Forgets everything and frees its tensors. */
  dispose(): void {
    for (const { slots } of this.entries.values()) slots.forEach(release);
    this.entries.clear();
    this.step = 0;
    this.learningRateScale = 1;
  }

  /** Paths with the same number of updates: one call of the rule can serve them together. */
  private groups(
    paths: Iterable<string>,
    variables: ReadonlyMap<string, tf.Variable>,
  ): Iterable<string[]> {
    const groups = new Map<number, string[]>();
    for (const path of paths) {
      const { updates } = this.entry(path, variables.get(path)!);
      const group = groups.get(updates);
      if (group === undefined) groups.set(updates, [path]);
      else group.push(path);
    }
    return groups.values();
  }

  private updateGroup(
    paths: readonly string[],
    gradients: Gradients,
    variables: ReadonlyMap<string, tf.Variable>,
  ): void {
    const { weightDecay = 0, weightDecayMask = () => true } = this.options;
    const targets = paths.map((path) => variables.get(path)!);
    const entries = paths.map((path, index) => this.entry(path, targets[index]!));
    const live = <T>(read: () => T): T => {
      untraceable(
        `the optimizer "${this.name}" uses a number of this step; let it ask for it by hostValue`,
      );
      return read();
    };
    const learningRate = (): number => this.learningRate;
    const decays = paths.map((path) => weightDecay !== 0 && weightDecayMask(path));
    const updated = this.rule.update({
      values: targets,
      gradients: paths.map((path) => gradients.get(path)!),
      slots: this.rule.slots.map((_, slot) =>
        entries.map((entry) => entry.slots[slot] as tf.Tensor),
      ),
      get step() {
        return live(() => entries[0]!.updates + 1);
      },
      get learningRate() {
        return live(learningRate);
      },
      decays,
      get decay() {
        return live(() => {
          const decay = learningRate() * weightDecay;
          return decays.map((isDecayed) => (isDecayed ? decay : 0));
        });
      },
    });
    for (const [index, entry] of entries.entries()) {
      const value = updated.values[index]!;
      targets[index]!.assign(value);
      value.dispose();
      for (const [slot, tensors] of updated.slots.entries()) {
        (entry.slots[slot] as tf.Variable).assign(tensors[index]!);
        tensors[index]!.dispose();
      }
    }
  }

  /** The entry of a variable, made or moved to the backend where that is needed. */
  private entry(path: string, variable: tf.Variable): Entry {
    let entry = this.entries.get(path);
    if (entry === undefined) {
      const slots = this.rule.slots.map(() => toVariable(tf.zeros(variable.shape)));
      entry = { updates: 0, slots };
      this.entries.set(path, entry);
    }
    entry.slots = entry.slots.map((slot, index) => {
      if (slot instanceof tf.Tensor) return slot;
      assertSlotFits(`${path}/${this.rule.slots[index]}`, slot, variable);
      return toVariable(toBackend(slot));
    });
    return entry;
  }

  private sorted(): [string, Entry][] {
    return [...this.entries].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

/** Takes over the tensor. */
function toVariable(tensor: tf.Tensor): tf.Variable {
  const variable = tf.variable(tensor, false);
  tensor.dispose();
  return variable;
}

function assertFits(path: string, gradient: tf.Tensor, variable: tf.Variable | undefined): void {
  if (variable === undefined) {
    throw new Error(`There is a gradient for "${path}", but no trainable variable of that path.`);
  }
  if (tf.util.arraysEqual(gradient.shape, variable.shape)) return;
  throw new Error(
    `The gradient for "${path}" has shape [${gradient.shape}], the variable [${variable.shape}].`,
  );
}

function assertSlotFits(slotPath: string, slot: TensorValue, variable: tf.Variable): void {
  if (tf.util.arraysEqual([...slot.shape], variable.shape)) return;
  throw new Error(
    `The optimizer's "${slotPath}" has shape [${slot.shape}], the variable [${variable.shape}]: ` +
      'the state belongs to another model.',
  );
}
