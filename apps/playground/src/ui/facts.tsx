import type { OpenResult } from '../trainer/protocol.js';

const STORAGE = {
  opfs: 'saved in this browser',
  indexeddb: 'saved in this browser',
  memory: 'not saved',
} as const;

/** What the backend found: instruction sets, threads, storage. */
export function Facts({ opened }: { opened: OpenResult | undefined }) {
  if (opened === undefined) return <ul class="facts" aria-label="Backend" />;
  const { backend, storage } = opened;
  const alone = backend.isolated ? '1 thread' : '1 thread (page not cross-origin isolated)';
  const threads = backend.threads === 1 ? alone : `${backend.threads} threads`;
  return (
    <ul class="facts" aria-label="Backend">
      <li>WebAssembly SIMD</li>
      <li>{backend.relaxedSimd ? 'relaxed SIMD' : 'no relaxed SIMD'}</li>
      <li title={backend.threadsReason}>{threads}</li>
      <li title={storage.reason}>{STORAGE[storage.kind]}</li>
    </ul>
  );
}
