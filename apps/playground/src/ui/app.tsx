import { useState } from 'preact/hooks';
import { CodeSpace } from './code-space.js';
import { Controls } from './controls.js';
import { Facts } from './facts.js';
import { ImageRows } from './image-row.js';
import { Interpolation } from './interpolation.js';
import { LossChart } from './loss-chart.js';
import { Panel } from './panel.js';
import { Stats } from './stats.js';
import { Summary } from './summary.js';
import { TryIt } from './try-it.js';
import { type Actions, type State, useTrainer } from './use-trainer.js';

const EMPTY_ROW = { count: 10, pixels: new Uint8Array(10 * 28 * 28) };

export function App() {
  const { state, actions, client } = useTrainer();
  const [ownImages, setOwnImages] = useState(0);
  const { comparison, codeMap, progress, settings, phase, summary } = state;
  const usable = phase !== 'loading' && phase !== 'failed';
  return (
    <>
      <header class="top">
        <div>
          <h1>ae playground</h1>
          <p>An auto-encoder learns in this tab. Nothing is sent anywhere.</p>
        </div>
        <Facts opened={state.opened} />
      </header>
      <Status state={state} actions={actions} />
      <main aria-busy={phase === 'loading'} inert={!usable}>
        <Panel title="Training" area="training">
          <Controls
            phase={phase}
            settings={settings}
            ownImages={ownImages}
            started={progress.step > 0}
            actions={actions}
          />
        </Panel>
        <Panel title="Loss" area="loss">
          <Stats progress={progress} />
          <LossChart curve={progress.curve} />
        </Panel>
        <Panel
          title="Reconstructions"
          area="reconstructions"
          hint="Test images above, what the model makes of them below."
        >
          <ImageRows
            rows={[comparison?.originals ?? EMPTY_ROW, comparison?.reconstructions ?? EMPTY_ROW]}
            label="Test images above their reconstructions"
          />
        </Panel>
        <Panel title="Code space" area="codes" hint="Each point is a test digit.">
          <CodeSpace map={codeMap} client={client} />
          <Interpolation map={codeMap} client={client} />
        </Panel>
        <Panel
          title="Try it"
          area="try"
          hint="What the model has not learnt, it reconstructs badly."
        >
          <TryIt client={client} onImages={setOwnImages} notify={actions.notify} />
        </Panel>
        <Panel title="Model" area="model">
          <Summary rows={summary} />
          <Weights state={state} actions={actions} />
        </Panel>
      </main>
    </>
  );
}

/** Loading, notices and failures. */
function Status({ state, actions }: { state: State; actions: Actions }) {
  const { phase, downloaded, notice } = state;
  return (
    <div class="status">
      {phase === 'loading' && (
        <label class="loading">
          <span>Loading MNIST and the backend</span>
          <progress value={downloaded} max={1} />
        </label>
      )}
      {notice !== undefined && (
        <div class={`notice ${notice.kind}`} role={notice.kind === 'error' ? 'alert' : 'status'}>
          <p>{notice.text}</p>
          {phase === 'failed' ? (
            <button type="button" onClick={actions.restart}>
              Start again
            </button>
          ) : (
            <button type="button" onClick={() => actions.notify(undefined)}>
              Close
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function Weights({ state, actions }: { state: State; actions: Actions }) {
  const idle = state.phase === 'resting' || state.phase === 'training';
  return (
    <div class="weights">
      <button type="button" disabled={!idle} onClick={actions.download}>
        Download weights
      </button>
      <label class="file">
        <input
          type="file"
          accept=".safetensors"
          disabled={!idle}
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            if (file !== undefined) actions.upload(file);
            // The same file can be chosen again.
            event.currentTarget.value = '';
          }}
        />
        <span>Upload weights (.safetensors)</span>
      </label>
    </div>
  );
}
