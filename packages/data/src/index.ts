export { Batches, type BatchPosition } from './batches.js';
export type {
  Batch,
  BatchOf,
  BatchTensor,
  Column,
  ColumnFormat,
  Examples,
  HostBatch,
  HostColumn,
  Values,
} from './columns.js';
export { type BatchOptions, Dataset } from './dataset.js';
export { fromArrays } from './from-arrays.js';
export { type FromExamplesOptions, fromExamples } from './from-examples.js';
export { type IdxArray, IdxError, parseIdx, type ReadIdxOptions, readIdx } from './idx.js';
export { fromIdx, type LabelledImages } from './image-dataset.js';
