#!/usr/bin/env node
import { run } from './run.js';
import { watchStandardStreams } from './standard-streams.js';

watchStandardStreams();
const exitCode = await run(process.argv.slice(2));
// A stream that failed has set one already.
process.exitCode ||= exitCode;
