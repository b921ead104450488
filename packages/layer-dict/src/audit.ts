import { isOuterLayer, type Module, shadow, startObserving, walk } from '@ae/module';
import { engine, Tensor, Variable } from '@tensorflow/tfjs-core';

/** What a training step leaves unused. All lists are paths, in their order. */
export interface AuditReport {
  /** Layers that were not called. */
  readonly uncalled: readonly string[];
  /** Trainable variables that the loss does not depend on. */
  readonly withoutGradient: readonly string[];
  /** Trainable variables with a gradient that the optimizer did not change. */
  readonly notOwned: readonly string[];
  /** Loaded values that still wait for a layer of their name. */
  readonly deferred: readonly string[];
  /** One line for each finding; says so when there is none. */
  toString(): string;
}

/**
 * Runs a training step and reports what of `model` it does not use: layers never
 * called, variables without a gradient, variables that the optimizer does not own,
 * loaded values that nothing has claimed.
 *
 * ```ts
 * console.log(String(audit(model, () => optimizer.minimize(() => loss(model, batch)))));
 * ```
 *
 * Runs the step a second time when layers are made during the first. A tensor that
 * the step returns is disposed of.
 *
 * @param step a whole step: forward, gradient and update
 * @throws Error when the step computes no gradient
 */
export function audit(model: Module, step: () => Promise<unknown>): Promise<AuditReport>;
export function audit(model: Module, step: () => unknown): AuditReport;
export function audit(model: Module, step: () => unknown): AuditReport | Promise<AuditReport> {
  const paths = [...model.namedVariables().keys()].join('\n');
  const watch = new Watch(model);
  let result: unknown;
  try {
    result = step();
  } catch (error) {
    watch.stop();
    throw error;
  }
  const finish = (value: unknown): AuditReport => {
    watch.stop();
    if (value instanceof Tensor && !(value instanceof Variable)) value.dispose();
    return watch.report();
  };
  const grew = (): boolean => [...model.namedVariables().keys()].join('\n') !== paths;
  if (result instanceof Promise) {
    return result
      .finally(() => watch.stop())
      .then((value) => {
        const report = finish(value);
        return grew() ? audit(model, step as () => Promise<unknown>) : report;
      });
  }
  const report = finish(result);
  return grew() ? audit(model, step) : report;
}

/** Notes which layers are called, which variables get a gradient and which are assigned. */
class Watch {
  readonly #model: Module;
  readonly #called = new Set<string>();
  readonly #withGradient = new Set<unknown>();
  readonly #before = new Map<Variable, object>();
  #differentiated = false;
  #undo: (() => void)[];

  constructor(model: Module) {
    this.#model = model;
    for (const variable of model.variables) this.#before.set(variable, variable.dataId);
    const running = engine();
    const gradients = running.gradients;
    this.#undo = [
      startObserving(model, { layerCalled: (path) => this.#called.add(path) }),
      shadow(running, 'gradients', (compute, variables, ...rest) => {
        const result = gradients.call(running, compute, variables, ...rest);
        this.#differentiated = true;
        // The list is read afterwards, since `compute` may add to it.
        variables.forEach((variable, i) => {
          if (result.grads[i] != null) this.#withGradient.add(variable);
        });
        return result as never;
      }),
    ];
  }

  stop(): void {
    for (const undo of this.#undo) undo();
    this.#undo = [];
  }

  report(): AuditReport {
    if (!this.#differentiated) {
      throw new Error(
        'audit: the step computed no gradient. Give it a whole training step:\n' +
          '    audit(model, () => optimizer.minimize(() => loss(model, batch)));',
      );
    }
    const trainable = new Set(this.#model.trainableVariables);
    const named = [...this.#model.namedVariables()].filter(([, each]) => trainable.has(each));
    const hasGradient = (variable: Variable): boolean => this.#withGradient.has(variable);
    const wasAssigned = (variable: Variable): boolean =>
      this.#before.get(variable) !== variable.dataId;
    const found = {
      uncalled: this.#uncalled(),
      withoutGradient: named.filter(([, each]) => !hasGradient(each)).map(([path]) => path),
      notOwned: named
        .filter(([, each]) => hasGradient(each) && !wasAssigned(each))
        .map(([path]) => path),
      deferred: this.#model.deferredPaths,
    };
    return { ...found, toString: () => describe(found) };
  }

  #uncalled(): string[] {
    const layers = walk(this.#model).filter(isOuterLayer);
    return [...new Set(layers.map(({ path }) => path))]
      .filter((path) => !this.#called.has(path))
      .sort();
  }
}

function describe(report: Omit<AuditReport, 'toString'>): string {
  const findings: [string, readonly string[]][] = [
    ['layers never called', report.uncalled],
    ['variables without a gradient', report.withoutGradient],
    ['variables that the optimizer does not own', report.notOwned],
    ['loaded values that nothing has claimed', report.deferred],
  ];
  const lines = findings
    .filter(([, paths]) => paths.length > 0)
    .map(([title, paths]) => `${title}: ${paths.join(', ')}`);
  return lines.length === 0 ? 'everything is used' : lines.join('\n');
}
