export { directory, type FileSystem } from './stores/directory.js';
