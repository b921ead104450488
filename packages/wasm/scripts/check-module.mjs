import { setFlagsFromString } from 'node:v8';

// Node 20 has relaxed SIMD, but off; later ones no longer know the flag.
if (process.versions.node.startsWith('20.')) {
  setFlagsFromString('--experimental-wasm-relaxed-simd');
}

/** What a kernel module must not contain, since it lives on the heap of another module. */
const FORBIDDEN = {
  5: 'a memory of its own',
  6: 'a global variable (use locals, or the arguments in the heap)',
  8: 'a start function',
  11: 'a data segment (it would overwrite the statics of tfjs)',
};

/** Throws when the bytes of a compiled module hold anything beside code and an imported memory. */
export function checkModule(name, bytes) {
  for (const id of sections(bytes)) {
    if (FORBIDDEN[id]) throw new Error(`${name}: the kernels' module has ${FORBIDDEN[id]}`);
  }
  for (const { module, name: field } of WebAssembly.Module.imports(new WebAssembly.Module(bytes))) {
    if (module === 'env' && field === 'memory') continue;
    throw new Error(`${name}: the kernels' module imports ${module}.${field}`);
  }
}

function* sections(bytes) {
  let at = 8;
  while (at < bytes.length) {
    yield bytes[at++];
    let size = 0;
    for (let shift = 0, more = true; more; shift += 7) {
      size |= (bytes[at] & 0x7f) << shift;
      more = (bytes[at++] & 0x80) !== 0;
    }
    at += size;
  }
}
