export { type EarlyStoppingOptions, earlyStopping } from './callbacks/early-stopping.js';
export type { MonitorOptions } from './callbacks/monitor.js';
export { type ReduceOnPlateauOptions, reduceOnPlateau } from './callbacks/reduce-on-plateau.js';
export { DivergenceError, stopOnDivergence } from './callbacks/stop-on-divergence.js';
export { timeLimit } from './callbacks/time-limit.js';
export type {
  Checkpoint,
  CheckpointContent,
  CheckpointInfo,
  TensorGroup,
} from './checkpoint/checkpoint.js';
export {
  type CheckpointListing,
  Checkpoints,
  type SaveOptions,
} from './checkpoint/checkpoints.js';
export {
  type ExportOptions,
  exportCheckpoint,
  inspectCheckpoint,
  type Naming,
  type TensorSummary,
} from './checkpoint/inspect.js';
export type { Json } from './checkpoint/json.js';
export { DamagedCheckpointError } from './checkpoint/manifest.js';
export type { Keep } from './checkpoint/retention.js';
export { evaluate } from './evaluate.js';
export { fit } from './fit.js';
export { GradientAccumulator } from './gradient-accumulator.js';
export {
  type AuxiliaryOf,
  type LossResult,
  type ValueAndGradients,
  valueAndGradients,
} from './gradients.js';
export { type ImageWriter, type LogImagesOptions, logImages } from './loggers/image-log.js';
export { encodePng, type Png } from './loggers/png.js';
export type { Batch, BatchIterable, DataSource, ResumableData } from './loop/batches.js';
export type { Callback, CallbackState, StepEvent, TrainingRun } from './loop/callback.js';
export { type EpochRecord, type Evaluation, type History, numbersOf } from './loop/history.js';
export { Mean } from './loop/mean.js';
export { NonFiniteError } from './loop/non-finite.js';
export type {
  CheckpointEvery,
  CheckpointOptions,
  FitOptions,
  WeightAverage,
} from './loop/options.js';
export { StepRandom } from './loop/random.js';
export type { LossFunction, StepContext } from './loop/step-context.js';
export { MissingKernelsError } from './missing-kernels.js';
export { type AdamOptions, adam, adamW } from './optimizers/adam.js';
export {
  type Clip,
  clipByGlobalNorm,
  clipByNorm,
  clipByValue,
  type Gradients,
  globalNorm,
} from './optimizers/clip.js';
export { type LionOptions, lion } from './optimizers/lion.js';
export { Optimizer, type OptimizerOptions, type OptimizerState } from './optimizers/optimizer.js';
export { type RmsPropOptions, rmsProp } from './optimizers/rms-prop.js';
export {
  constant,
  cosine,
  exponential,
  type LearningRate,
  oneCycle,
  piecewise,
  type Schedule,
  warmUp,
} from './optimizers/schedules.js';
export { type SgdOptions, sgd } from './optimizers/sgd.js';
export type { Updated, UpdateGroup, UpdateRule } from './optimizers/update-rule.js';
export type { SafetensorsDtype } from './safetensors/dtypes.js';
export { SafetensorsError } from './safetensors/error.js';
export {
  readSafetensors,
  type Safetensors,
  type SafetensorsTensor,
} from './safetensors/read.js';
export { toStateDict } from './safetensors/values.js';
export { writeSafetensors } from './safetensors/write.js';
export { memory } from './stores/memory.js';
export type { CheckpointStore } from './stores/store.js';
export type { VariableSource } from './variables.js';
