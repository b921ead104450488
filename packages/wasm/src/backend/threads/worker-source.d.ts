/** Made by scripts/bundle.mjs: worker.ts as one script. */
declare module 'worker-source' {
  export const workerSource: string;
}
