import type { Progress } from '../trainer/protocol.js';

/** The figures of the run. */
export function Stats({ progress }: { progress: Progress }) {
  const { step, epoch, imagesPerSecond, curve } = progress;
  const last = curve.at(-1);
  return (
    <dl class="stats">
      <Stat name="Step" value={step.toLocaleString('en')} />
      <Stat name="Epoch" value={String(epoch + 1)} />
      <Stat name="Images per second" value={Math.round(imagesPerSecond).toLocaleString('en')} />
      <Stat name="Training loss" value={last?.training.toPrecision(3) ?? '–'} />
      <Stat name="Validation loss" value={last?.validation.toPrecision(3) ?? '–'} />
    </dl>
  );
}

function Stat({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
