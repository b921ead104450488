export { csv } from './loggers/csv.js';
export { jsonLines } from './loggers/json-lines.js';
export { pngFiles } from './loggers/png-files.js';
export { type ProgressStream, progress } from './loggers/progress.js';
export { type TensorBoardOptions, tensorBoard } from './loggers/tensor-board.js';
export { directory, type FileSystem } from './stores/directory.js';
