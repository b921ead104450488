import type { NamedAttrMap } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import { type Operation, operandsOf, type ProgramSource, type ValueId } from './source.js';

/** Products and what they are called with a bias and an activation. */
const FUSED: ReadonlyMap<string, string> = new Map([
  ['BatchMatMul', '_FusedMatMul'],
  ['_FusedMatMul', '_FusedMatMul'],
  ['Conv2D', 'FusedConv2D'],
  ['FusedConv2D', 'FusedConv2D'],
]);

/** Activations that products apply as they write their results. */
const ACTIVATIONS: ReadonlyMap<string, string> = new Map([
  ['Relu', 'relu'],
  ['Relu6', 'relu6'],
  ['Elu', 'elu'],
  ['Sigmoid', 'sigmoid'],
]);

interface Product {
  readonly place: number;
  readonly operation: Operation;
}

/**
 * Joins a bias, and an activation after it, to the product before them, where nothing else needs what
 * comes in between.
 */
export function joinBias(source: ProgramSource): ProgramSource {
  const uses = countUses(source);
  const operations: (Operation | undefined)[] = [];
  const products = new Map<ValueId, Product>();
  const isBias = (id: ValueId, columns: number | undefined) =>
    columns !== undefined && util.sizeFromShape(source.values[id]!.shape) === columns;
  for (const operation of source.operations) {
    const place = operations.push(operation) - 1;
    const [output] = operation.outputs;
    if (FUSED.has(operation.kernel)) {
      products.set(output!, { place, operation });
      continue;
    }
    const join = (product: Product, inputs: object, attrs: NamedAttrMap): void => {
      const joined: Operation = {
        kernel: FUSED.get(product.operation.kernel)!,
        inputs: { ...product.operation.inputs, ...inputs },
        attrs: { activation: 'linear', ...product.operation.attrs, ...attrs },
        outputs: operation.outputs,
      };
      // Here and not there: the bias may have been computed in between.
      operations[product.place] = undefined;
      operations[place] = joined;
      products.set(output!, { place, operation: joined });
    };
    const candidates = operandsOf(operation).flatMap((id) => {
      const product = uses.get(id) === 1 ? products.get(id) : undefined;
      return product !== undefined && isLinear(product.operation) ? [{ id, product }] : [];
    });
    const [found] = candidates;
    if (found === undefined) continue;
    const activation = ACTIVATIONS.get(operation.kernel);
    if (activation !== undefined) join(found.product, {}, { activation });
    if (operation.kernel !== 'Add') continue;
    const other = operandsOf(operation).find((id) => id !== found.id);
    const { shape } = source.values[output!]!;
    const keepsShape = String(shape) === String(source.values[found.id]!.shape);
    const hasBias = 'bias' in found.product.operation.inputs;
    const lastSize = other === undefined ? undefined : source.values[other]!.shape.at(-1);
    const columns = lastSize === shape.at(-1) ? lastSize : undefined;
    if (other !== undefined && keepsShape && !hasBias && isBias(other, columns)) {
      join(found.product, { bias: other }, {});
    }
  }
  return {
    ...source,
    operations: operations.filter((operation) => operation !== undefined),
  };
}

function isLinear({ attrs }: Operation): boolean {
  return (attrs?.activation ?? 'linear') === 'linear';
}

/** How often each value is needed, in the end too. */
export function countUses({
  operations,
  results,
  assignments,
}: ProgramSource): Map<ValueId, number> {
  const uses = new Map<ValueId, number>();
  const ends = [...results, ...assignments.map(({ value }) => value)];
  for (const id of [...operations.flatMap(operandsOf), ...ends]) {
    uses.set(id, (uses.get(id) ?? 0) + 1);
  }
  return uses;
}
