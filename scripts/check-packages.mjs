/** `npm run check:packages`: set-up, then the packages as their users meet them. */
import { setup } from './setup.mjs';

setup();
await import('../checks/src/main.mjs');
