export { indexedDb } from './stores/indexed-db.js';
export { opfs } from './stores/opfs.js';
