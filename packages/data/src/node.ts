export { DataFileError, type MnistOptions, mnist } from './mnist.js';
