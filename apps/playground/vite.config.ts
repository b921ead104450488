import { defineConfig, type Plugin } from 'vite';

/**
 * What a host must send. The first two make the page cross-origin isolated, without which
 * there is no shared memory and training runs on one thread.
 */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
};

const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The policy stands in the page itself, so that it holds on every host. */
const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: policy },
      injectTo: 'head-prepend',
    },
  ],
};

export default defineConfig({
  plugins: [contentSecurityPolicy],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    sourcemap: true,
    // Most of the time of this build goes into the worker, and its plug-in is told off for it.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  server: { headers },
  preview: { headers },
});
