/** What the page and the training worker say to each other. Images are 28 x 28, one byte a pixel. */

export const IMAGE_SIZE = 28;
export const PIXELS: number = IMAGE_SIZE * IMAGE_SIZE;

export type ModelName = 'auto-encoder' | 'lazy-auto-encoder';
export type LossName = 'mean squared error' | 'mean absolute error';
type DataName = 'mnist' | 'own';

/** What a run is made from; fixed while it lasts, and saved in its checkpoints. */
export interface Settings {
  readonly model: ModelName;
  readonly codeSize: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly loss: LossName;
  readonly data: DataName;
  readonly seed: number;
}

export const DEFAULT_SETTINGS: Settings = {
  model: 'lazy-auto-encoder',
  codeSize: 64,
  learningRate: 1e-3,
  batchSize: 32,
  loss: 'mean squared error',
  data: 'mnist',
  seed: 0,
};

/** What the backend is, for the page to show. */
interface BackendFacts {
  readonly simd: boolean;
  readonly relaxedSimd: boolean;
  readonly threads: number;
  /** Why there is only one thread, if there is a reason. */
  readonly threadsReason?: string | undefined;
  readonly isolated: boolean;
}

/** Where the run is saved. */
export interface StorageFacts {
  readonly kind: 'opfs' | 'indexeddb' | 'memory';
  /** Why it is not a lasting one, or what is damaged in it. */
  readonly reason?: string;
}

/** One point of the loss curves: means since the point before. */
export interface CurvePoint {
  readonly step: number;
  readonly training: number;
  readonly validation: number;
}

/** How far training is. */
export interface Progress {
  readonly step: number;
  readonly epoch: number;
  readonly imagesPerSecond: number;
  /** The whole curve so far. */
  readonly curve: readonly CurvePoint[];
}

/** Some images one after the other. */
export interface Images {
  readonly count: number;
  /** `count * 784` gray values. */
  readonly pixels: Uint8Array;
}

/** Originals and what the model makes of them, in the same order. */
export interface Comparison {
  readonly originals: Images;
  readonly reconstructions: Images;
  /** The mean squared error of each, with pixels in 0..1. */
  readonly errors: Float32Array;
}

/** The codes of test images in two dimensions. */
export interface CodeMap {
  /** `x, y` of each point. */
  readonly points: Float32Array;
  /** The digit of each point. */
  readonly labels: Uint8Array;
  /** The part of the variance that two dimensions show; 1 when the code has no more. */
  readonly explained: number;
}

/** One row of the model's summary. */
export interface SummaryRow {
  readonly path: string;
  readonly shape: string;
  readonly parameters: number;
}

/** One image and what the model makes of it. */
export interface Anomaly extends Comparison {
  /** The part of the test images that the model reconstructs better than this one, 0..1. */
  readonly rank: number;
}

/** A run that was found in the browser's storage. */
export interface SavedRun {
  readonly settings: Settings;
  readonly progress: Progress;
}

/** What the worker tells while it works. */
export interface TrainerEvents {
  /** @param fraction of the images that are loaded, 0..1 */
  onDownload(fraction: number): void;
  onProgress(progress: Progress): void;
  onComparison(comparison: Comparison): void;
  onCodeMap(map: CodeMap): void;
  /** Something that went wrong without ending the run, such as a save. */
  onWarning(message: string): void;
}

/** Why training came to rest. */
export type TrainResult = { readonly stopped: 'paused' | 'complete' };

/** What the worker does when it is asked to. */
export interface TrainerApi {
  /** Makes the backend ready, loads the data, and looks for a saved run. */
  open(events: TrainerEvents): Promise<OpenResult>;
  /** A new model; what was saved of another run goes. */
  reset(settings: Settings): Promise<void>;
  /** @param steps only so many; without end otherwise */
  train(steps?: number): Promise<TrainResult>;
  /** Asks training to rest after the present step. */
  pause(): void;
  summary(): SummaryRow[];
  /** Looks at images: their reconstructions and errors. @param pixels `[count * 784]`, 0..1 */
  reconstruct(pixels: Float32Array): Promise<Anomaly>;
  /** The image at a point of the code map. */
  decodePoint(x: number, y: number): Images;
  /** From one test image to another, through the code space. */
  interpolate(from: number, to: number, count: number): Images;
  /** Images for the data set `own`. @param pixels `[count * 784]`, 0..1; returns how many there are now */
  addImages(pixels: Float32Array): number;
  /** The weights as a safetensors file. */
  download(): Uint8Array;
  /** Takes over the weights of a safetensors file; the run begins anew from them. */
  upload(bytes: Uint8Array): Promise<string>;
}

export interface OpenResult {
  readonly backend: BackendFacts;
  readonly storage: StorageFacts;
  readonly saved?: SavedRun | undefined;
}
