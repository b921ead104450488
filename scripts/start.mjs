/** `npm start -- ARGS` is `ae ARGS`, set up first; without arguments it trains. */
import { setup } from './setup.mjs';

setup('@ae/cli');
// In this very process, so that a signal has one receiver however it is sent.
if (process.argv.length === 2) process.argv.push('train');
// What the user would have to type; messages that tell how to go on begin with it.
process.env.AE_COMMAND = 'npm start --';
await import('../apps/cli/dist/main.js');
