import { hasRelaxedSimd } from './features.js';
import { isNode, nodeModule, v8Version } from './node.js';

/** Node 20 has relaxed SIMD behind a flag, which holds for what is compiled afterwards. */
export function enableRelaxedSimd(): boolean {
  if (!hasRelaxedSimd() && isNode && v8Version() > 0) {
    nodeModule('node:v8').setFlagsFromString('--experimental-wasm-relaxed-simd');
  }
  return hasRelaxedSimd();
}

/** V8 has the flag in earlier versions too, where it changes nothing. */
const FIRST_REVECTORIZING_V8 = 13;

/** @returns whether this engine has the flag, which is set then */
export function enableRevectorize(): boolean {
  if (!isNode || v8Version() < FIRST_REVECTORIZING_V8) return false;
  nodeModule('node:v8').setFlagsFromString('--experimental-wasm-revectorize');
  return true;
}
