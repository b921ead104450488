// h5wasm is published as ES modules, which Jest would have to rewrite (4 MB, ten seconds),
// and as a script for browsers, which can be run as it is.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { runInThisContext } = require('node:vm');

const script = join(__dirname, 'node_modules/h5wasm/dist/iife/h5wasm.js');
module.exports = runInThisContext(`${readFileSync(script, 'utf8')};h5wasm`);
