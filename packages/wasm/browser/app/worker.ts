import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { check } from './check.js';

check().then(
  (result) => postMessage({ result }),
  (error) => postMessage({ error: String(error) }),
);
