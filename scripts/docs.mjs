/** `npm run docs`: the guides and the API reference as one site, in docs/site. */
import { pnpm } from './pnpm.mjs';
import { setup } from './setup.mjs';

setup();
process.exitCode = pnpm(['--filter', '@ae/docs', 'run', 'site']);
