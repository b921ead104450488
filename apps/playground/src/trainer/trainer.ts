import { type Batches, type Dataset, fromArrays } from '@ae/data';
import {
  type CheckpointStore,
  Checkpoints,
  evaluate,
  fit,
  type Json,
  memory,
  type Optimizer,
  readSafetensors,
  toStateDict,
  writeSafetensors,
} from '@ae/train';
import { useWasm } from '@ae/wasm';
import { Curve } from './curve.js';
import { type LabelledImages, loadMnist } from './mnist.js';
import { Observer } from './observer.js';
import {
  type Anomaly,
  DEFAULT_SETTINGS,
  type Images,
  type OpenResult,
  PIXELS,
  type SavedRun,
  type Settings,
  type SummaryRow,
  type TrainerApi,
  type TrainerEvents,
  type TrainResult,
} from './protocol.js';
import {
  type ImageBatch,
  type ImageLoss,
  type Model,
  makeLoss,
  makeModel,
  makeOptimizer,
} from './recipe.js';
import { openStorage } from './storage.js';

const TRAIN_CHUNKS = 12;
const TEST_CHUNKS = 2;
const VALIDATION_IMAGES = 100;
const SAVE_EVERY = { steps: 200, minutes: 0.25 };
/** How often the page gets new pictures while training runs. */
const PICTURES_EVERY_MS = 500;
const CODE_MAP_EVERY_MS = 4000;

/** Everything that belongs to one run. */
interface Session {
  readonly settings: Settings;
  readonly model: Model;
  readonly optimizer: Optimizer;
  readonly loss: ImageLoss;
  readonly observer: Observer;
  readonly curve: Curve;
}

/** Trains in the worker, and answers what the page asks about the model. */
export class Trainer implements TrainerApi {
  private events!: TrainerEvents;
  private store: CheckpointStore = memory();
  private trainingImages!: LabelledImages;
  private test!: LabelledImages;
  private session!: Session;
  private ownImages = new Float32Array(0);
  private running: { abort: AbortController; done: Promise<unknown> } | undefined;

  async open(events: TrainerEvents): Promise<OpenResult> {
    this.events = events;
    const info = await useWasm();
    const backend = { ...info, isolated: globalThis.crossOriginIsolated };
    await this.loadData();
    const storage = await openStorage();
    this.store = storage.store;
    const { saved, damage } = await this.restore();
    const reason = damage ?? storage.facts.reason;
    const facts = reason === undefined ? storage.facts : { ...storage.facts, reason };
    return { backend, storage: facts, saved };
  }

  async reset(settings: Settings): Promise<void> {
    await this.rest();
    await this.begin(settings);
    await this.clear();
    this.show();
  }

  async train(steps?: number): Promise<TrainResult> {
    await this.rest();
    const abort = new AbortController();
    const done = this.run(abort.signal, steps);
    this.running = { abort, done };
    try {
      return await done;
    } finally {
      this.running = undefined;
    }
  }

  pause(): void {
    this.running?.abort.abort();
  }

  summary(): SummaryRow[] {
    return [...this.session.model.namedVariables()].map(([path, { shape, size }]) => ({
      path,
      shape: shape.join(' × '),
      parameters: size,
    }));
  }

  async reconstruct(pixels: Float32Array): Promise<Anomaly> {
    const comparison = this.session.observer.compare(pixels);
    return { ...comparison, rank: this.session.observer.rank(comparison.errors[0]!) };
  }

  decodePoint(x: number, y: number): Images {
    return this.session.observer.decodePoint(x, y);
  }

  interpolate(from: number, to: number, count: number): Images {
    return this.session.observer.interpolate(from, to, count);
  }

  addImages(pixels: Float32Array): number {
    const all = new Float32Array(this.ownImages.length + pixels.length);
    all.set(this.ownImages);
    all.set(pixels, this.ownImages.length);
    this.ownImages = all;
    return all.length / PIXELS;
  }

  download(): Uint8Array {
    return writeSafetensors(this.session.model.stateDict(), {});
  }

  async upload(bytes: Uint8Array): Promise<string> {
    const state = toStateDict(readSafetensors(bytes));
    const codeSize = state.get('code/kernel')?.shape[1];
    if (codeSize === undefined) {
      throw new Error('This file holds no auto-encoder: there is no "code/kernel" in it.');
    }
    await this.rest();
    const settings = { ...this.session.settings, codeSize };
    const model = makeModel(settings);
    try {
      model.loadStateDict(state);
    } catch (error) {
      model.dispose();
      throw error;
    }
    await this.begin(settings, model);
    await this.clear();
    this.show();
    return `${state.size} variables were loaded.`;
  }

  private async run(signal: AbortSignal, more: number | undefined): Promise<TrainResult> {
    const { model, optimizer, loss, curve, observer, settings } = this.session;
    const data = this.data(settings);
    let picturesAt = 0;
    let mapAt = 0;
    const history = await fit({
      model,
      optimizer,
      loss,
      data,
      // The weights of before the pause are still in the model, but the optimizer's and the
      // position in the data are in the checkpoint.
      resume: true,
      ...(more === undefined ? { epochs: 1_000_000 } : { steps: curve.progress.step + more }),
      seed: settings.seed,
      signal,
      callbacks: [
        curve,
        {
          name: 'pictures',
          onStepEnd: () => {
            const now = performance.now();
            if (now < picturesAt) return;
            picturesAt = now + PICTURES_EVERY_MS;
            observer.forget();
            this.events.onProgress(curve.progress);
            this.events.onComparison(observer.compareDigits());
            if (now < mapAt) return;
            mapAt = now + CODE_MAP_EVERY_MS;
            this.events.onCodeMap(observer.codeMap());
          },
          onCheckpointError: (error) => {
            this.events.onWarning(`The run could not be saved: ${error.message}`);
          },
        },
      ],
      checkpoint: {
        store: this.store,
        every: SAVE_EVERY,
        keep: { last: 2 },
        config: { ...settings } as Json,
      },
    });
    observer.forget();
    this.show();
    return { stopped: history.stopReason === 'aborted' ? 'paused' : 'complete' };
  }

  private async loadData(): Promise<void> {
    let loaded = 0;
    const onChunk = (): void => {
      loaded++;
      this.events.onDownload(loaded / (TRAIN_CHUNKS + TEST_CHUNKS));
    };
    [this.test, this.trainingImages] = await Promise.all([
      loadMnist('test', TEST_CHUNKS, onChunk),
      loadMnist('train', TRAIN_CHUNKS, onChunk),
    ]);
  }

  /** Goes on with the run in the storage, or begins one with the default settings. */
  private async restore(): Promise<{ saved?: SavedRun; damage?: string }> {
    const damage: string[] = [];
    const newest = await new Checkpoints(this.store).latest((error) => damage.push(error.message));
    const told = damage.length > 0 ? { damage: damage.join(' ') } : {};
    if (newest === undefined) {
      await this.begin(DEFAULT_SETTINGS);
      this.show();
      return told;
    }
    const { config } = newest.state as unknown as { config: Settings };
    // Images that were dropped on the page are gone with it.
    await this.begin({ ...DEFAULT_SETTINGS, ...config, data: 'mnist' });
    await this.run(AbortSignal.abort(), undefined);
    return {
      ...told,
      saved: { settings: this.session.settings, progress: this.session.curve.progress },
    };
  }

  private async begin(settings: Settings, model: Model = makeModel(settings)): Promise<void> {
    const previous = this.session;
    const loss = makeLoss(settings);
    const validation = this.datasetOf(this.test).take(VALIDATION_IMAGES).batch(VALIDATION_IMAGES);
    const curve = new Curve(async () => (await evaluate({ model, data: validation, loss })).loss);
    const observer = new Observer(model, this.test);
    this.session = { settings, model, optimizer: makeOptimizer(settings), loss, observer, curve };
    previous?.model.dispose();
  }

  private async clear(): Promise<void> {
    for (const name of await this.store.list()) await this.store.remove(name);
  }

  private async rest(): Promise<void> {
    this.running?.abort.abort();
    await this.running?.done.catch(() => undefined);
  }

  private show(): void {
    const { curve, observer } = this.session;
    this.events.onProgress(curve.progress);
    this.events.onComparison(observer.compareDigits());
    this.events.onCodeMap(observer.codeMap());
  }

  private data({ data, seed, batchSize }: Settings): Batches<ImageBatch> {
    const images =
      data === 'mnist'
        ? this.datasetOf(this.trainingImages)
        : fromArrays({ image: { data: this.ownImages, shape: [28, 28, 1] } });
    return images.shuffle(seed).batch(batchSize);
  }

  private datasetOf({ pixels }: LabelledImages): Dataset<ImageBatch> {
    return fromArrays({ image: { data: pixels, shape: [28, 28, 1], divideBy: 255 } });
  }
}
