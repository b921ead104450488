import { file, run } from '../../wasm/browser/jest-shim.js';
import { indexedDb, opfs } from '../src/browser.js';
import { describeStore } from '../src/testing/store-suite.js';

await file('stores', async () => {
  let count = 0;
  describeStore('OPFS', async () => opfs(`runs/test-${count++}`));
  describeStore('IndexedDB', async () => indexedDb(`runs/test-${count++}`));
});
Object.assign(globalThis, { runTests: run });
