import * as tf from '@tensorflow/tfjs-core';
import { Tensor, type Variable } from '@tensorflow/tfjs-core';
import { tracedEngine } from './engine.js';
import { type Graph, operandsOf, type Source, type ValueId } from './graph.js';
import { optimize } from './optimize.js';
import { Recorder } from './recorder.js';
import { mapLeaves } from './structure.js';
import { ResultSlot, Trace } from './trace.js';
import { ownArguments, type TracedCall } from './trace-function.js';

/** A function as two programs: what it computes, and its gradients from those of its results. */
export interface GradientTrace {
  /** Gives the function's result, and what the backward program needs. */
  readonly forward: Trace;
  /** Takes the gradients of the results' float32 tensors, then what `forward` saved. */
  readonly backward: Trace;
  /** The inputs that have gradients, in the order in which `backward` gives these. */
  readonly inputs: readonly (number | Variable)[];
}

/**
 * Traces a call together with its backward pass, beside the gradients that are being taken now.
 *
 * @returns undefined for a function that these programs cannot hold: one that creates or assigns
 *   variables, or that no gradient passes through
 */
export function traceGradients(call: TracedCall): GradientTrace | undefined {
  const { state } = tracedEngine();
  const { activeTape, gradientDepth } = state;
  state.gradientDepth = 0;
  const { handles, own } = ownArguments(call);
  const recorder = new Recorder(call.name, call.random);
  handles.forEach((handle, index) => {
    recorder.argument(handle, index);
  });
  tracedEngine().startScope(call.name);
  try {
    return new GradientTracer(call, recorder, handles, own).trace();
  } finally {
    recorder.finish(true);
    recorder.releaseConstants();
    tracedEngine().endScope([]);
    for (const handle of handles) handle.dispose();
    Object.assign(state, { activeTape, gradientDepth });
  }
}

class GradientTracer {
  private forwardOperations = 0;
  private readonly results: Tensor[] = [];
  private readonly incoming: Tensor[] = [];
  private readonly wanted: { tensor: Tensor; input: number | Variable }[] = [];
  private template: unknown;

  constructor(
    private readonly call: TracedCall,
    private readonly recorder: Recorder,
    private readonly handles: readonly Tensor[],
    private readonly own: readonly unknown[],
  ) {}

  trace(): GradientTrace | undefined {
    const { recorder } = this;
    // tfjs looks at the list after the forward pass, when the variables in use are known.
    const list: Tensor[] = [tf.scalar(0)];
    const gradients = recorder.follow(() => {
      const { grads } = tf.engine().gradients(() => this.forward(list), list, undefined, true);
      return grads as (Tensor | null | undefined)[];
    });
    const graph = recorder.graph([]);
    const isPlain = recorder.problem === undefined && recorder.created.size === 0;
    const found = this.wanted.flatMap(({ input }, i) => {
      const gradient = gradients[i];
      return gradient ? [{ input, value: recorder.resolve(gradient) }] : [];
    });
    const isFrozen = recorder.frozenRandom.length > 0;
    if (!isPlain || isFrozen || graph.assignments.length > 0 || found.length === 0) {
      return undefined;
    }
    return this.split(graph, found);
  }

  /** The function, and a scalar whose gradients are those that the incoming ones stand for. */
  private forward(list: Tensor[]): tf.Scalar {
    const { call, recorder, handles } = this;
    const result = call.fn(...this.own);
    this.template = mapLeaves(result, (leaf) => {
      if (!(leaf instanceof Tensor)) return leaf;
      return new ResultSlot(this.results.push(leaf) - 1, false);
    });
    this.forwardOperations = recorder.operations.length;
    handles.forEach((tensor, input) => {
      if (tensor.dtype === 'float32') this.wanted.push({ tensor, input });
    });
    for (const variable of recorder.variables()) {
      if (variable.dtype === 'float32') this.wanted.push({ tensor: variable, input: variable });
    }
    list.splice(0, 1, ...this.wanted.map(({ tensor }) => tensor));
    const floats = this.results.filter(({ dtype }) => dtype === 'float32');
    const products = floats.map((tensor) => {
      const incoming = recorder.unrecorded(() => tf.ones(tensor.shape));
      this.incoming.push(incoming);
      recorder.argument(incoming, handles.length + this.incoming.length - 1);
      return tf.sum(tf.mul(tensor, incoming));
    });
    return tf.addN(products) as tf.Scalar;
  }

  private split(
    graph: Graph,
    found: readonly { input: number | Variable; value: ValueId }[],
  ): GradientTrace {
    const { recorder, call } = this;
    const operations = graph.operations.slice(this.forwardOperations);
    const defined = new Set(operations.flatMap(({ outputs }) => outputs));
    const sourceOf = new Map(graph.sources.map((source) => [source.value, source]));
    const gradients = found.map(({ value }) => value);
    const first = optimize({ ...graph, operations, results: gradients });
    const used = new Set([...first.operations.flatMap(operandsOf), ...first.results]);
    const isLasting = (id: ValueId) => /constant|captured/.test(sourceOf.get(id)?.kind ?? '');
    const incoming = this.incoming.map((tensor) => recorder.resolve(tensor));
    const saved = [...used].filter(
      (id) => !defined.has(id) && !incoming.includes(id) && !isLasting(id),
    );
    const backwardGraph: Graph = {
      ...first,
      sources: [
        ...[...incoming, ...saved].map(
          (value, index): Source => ({ kind: 'argument', index, value }),
        ),
        ...graph.sources.filter(({ value }) => used.has(value) && isLasting(value)),
      ],
    };
    const results = this.results.map((tensor) => recorder.resolve(tensor));
    const forwardGraph = optimize({
      ...graph,
      operations: graph.operations.slice(0, this.forwardOperations),
      sources: graph.sources.filter(({ value }) => !incoming.includes(value)),
      results: [...results, ...saved],
    });
    const { name, signature } = call;
    const slots = (count: number, start = 0) =>
      Array.from({ length: count }, (_, i) => new ResultSlot(start + i, false));
    recorder.shareConstants(forwardGraph.sources);
    recorder.shareConstants(backwardGraph.sources);
    return {
      forward: new Trace({
        name: `${name} (forward)`,
        signature: signature.key,
        graph: forwardGraph,
        result: [this.template, slots(results.length), slots(saved.length, results.length)],
      }),
      backward: new Trace({
        name: `${name} (backward)`,
        signature: signature.key,
        graph: backwardGraph,
        result: slots(found.length),
      }),
      inputs: found.map(({ input }) => input),
    };
  }
}
