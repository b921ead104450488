// What a user's page does: a model, the backend, a few steps. Bundled by each bundler as it is.
import { fromArrays } from '@ae/data';
import { AutoEncoder, meanSquaredError } from '@ae/models';
import { adam, fit } from '@ae/train';
import { backendInfo, useWasm } from '@ae/wasm';

globalThis.train = async (options) => {
  await useWasm(options);
  const pixels = Uint8Array.from({ length: 64 * 784 }, (_, at) => (at * 37) % 251);
  const data = fromArrays({ image: { data: pixels, shape: [28, 28, 1], divideBy: 255 } });
  const model = new AutoEncoder({ seed: 0 });
  const history = await fit({
    model,
    data: data.batch(16),
    loss: (ae, { image }) => meanSquaredError(image, ae.decode(ae.encode(image))),
    optimizer: adam({ learningRate: 1e-3 }),
    epochs: 3,
  });
  return { losses: history.epochs.map(({ loss }) => loss), info: backendInfo() };
};
