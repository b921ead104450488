import { useEffect, useState } from 'preact/hooks';
import type { LossName, ModelName, Settings } from '../trainer/protocol.js';
import type { Actions, Phase } from './use-trainer.js';

const CODE_SIZES = [2, 4, 8, 16, 32, 64, 128];
const LEARNING_RATES = [1e-4, 3e-4, 1e-3, 3e-3];
const BATCH_SIZES = [16, 32, 64, 128];
const MODELS: Record<ModelName, string> = {
  'lazy-auto-encoder': 'layer dictionary',
  'auto-encoder': 'layers in the constructor',
};
const LOSSES: LossName[] = ['mean squared error', 'mean absolute error'];

interface Choice<T> {
  label: string;
  value: T;
  options: readonly T[];
  text?: (option: T) => string;
  disabled?: boolean;
  onChange: (value: T) => void;
}

function Choose<T extends string | number>({ label, value, options, ...props }: Choice<T>) {
  const { text = String, disabled = false, onChange } = props;
  return (
    <label class="field">
      <span>{label}</span>
      <select
        disabled={disabled}
        value={options.indexOf(value)}
        onChange={(event) => onChange(options[Number(event.currentTarget.value)]!)}
      >
        {options.map((option, index) => (
          <option key={option} value={index}>
            {text(option)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What to train, and the buttons that do it. */
export function Controls(props: {
  phase: Phase;
  /** Of the run under way. */
  settings: Settings;
  ownImages: number;
  started: boolean;
  actions: Actions;
}) {
  const { phase, settings, ownImages, started, actions } = props;
  const [wanted, setWanted] = useState(settings);
  useEffect(() => setWanted(settings), [settings]);
  const change = <K extends keyof Settings>(key: K, value: Settings[K]): void => {
    const next = { ...wanted, [key]: value };
    setWanted(next);
    // Before the first step there is nothing to lose.
    if (!started) actions.reset(next);
  };
  const changed = (Object.keys(wanted) as (keyof Settings)[]).some(
    (key) => wanted[key] !== settings[key],
  );
  const ready = phase === 'resting';
  const idle = ready || phase === 'training';
  const data = ownImages > 0 ? (['mnist', 'own'] as const) : (['mnist'] as const);
  return (
    <div class="controls">
      <div class="buttons">
        {phase === 'training' ? (
          <button type="button" class="primary" onClick={actions.pause}>
            Pause
          </button>
        ) : (
          <button type="button" class="primary" disabled={!ready} onClick={actions.train}>
            {started ? 'Continue' : 'Train'}
          </button>
        )}
        <button type="button" disabled={!ready} onClick={actions.step}>
          Step
        </button>
        <button type="button" disabled={!idle} onClick={() => actions.reset(wanted)}>
          Reset
        </button>
      </div>
      <Choose
        label="Model"
        value={wanted.model}
        options={Object.keys(MODELS) as ModelName[]}
        text={(name) => MODELS[name]}
        disabled={!idle}
        onChange={(value) => change('model', value)}
      />
      <Choose
        label="Code size"
        value={wanted.codeSize}
        options={withValue(CODE_SIZES, wanted.codeSize)}
        disabled={!idle}
        onChange={(value) => change('codeSize', value)}
      />
      <Choose
        label="Learning rate"
        value={wanted.learningRate}
        options={LEARNING_RATES}
        disabled={!idle}
        onChange={(value) => change('learningRate', value)}
      />
      <Choose
        label="Batch size"
        value={wanted.batchSize}
        options={BATCH_SIZES}
        disabled={!idle}
        onChange={(value) => change('batchSize', value)}
      />
      <Choose
        label="Loss"
        value={wanted.loss}
        options={LOSSES}
        disabled={!idle}
        onChange={(value) => change('loss', value)}
      />
      <Choose
        label="Data"
        value={wanted.data}
        options={data}
        text={(name) => (name === 'mnist' ? 'MNIST, 60,000 digits' : `your ${ownImages} images`)}
        disabled={!idle}
        onChange={(value) => change('data', value)}
      />
      <p class="hint" role="status">
        {changed && started ? 'Reset begins a new run with these settings.' : ''}
      </p>
    </div>
  );
}

/** An uploaded model may have a size that is not in the list. */
function withValue(options: readonly number[], value: number): number[] {
  return [...new Set([...options, value])].sort((a, b) => a - b);
}
