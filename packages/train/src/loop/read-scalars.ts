import * as tf from '@tensorflow/tfjs-core';

/** Backends whose values lie in this process's memory: reading them waits for nothing. */
function readsAtOnce(): boolean {
  return /cpu|wasm|node|tensorflow/.test(tf.getBackend());
}

/** Reads scalars by name and disposes of them. */
export async function readScalars(
  scalars: Readonly<Record<string, tf.Tensor>>,
): Promise<Record<string, number>> {
  const values: Record<string, number> = {};
  for (const [name, scalar] of Object.entries(scalars)) {
    if (scalar.size !== 1) {
      throw new TypeError(`The output "${name}" must be a scalar, not of shape [${scalar.shape}].`);
    }
    values[name] = readsAtOnce() ? scalar.dataSync()[0]! : (await scalar.data())[0]!;
    scalar.dispose();
  }
  return values;
}
