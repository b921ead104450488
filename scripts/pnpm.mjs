/**
 * Runs pnpm at the version that package.json pins, so that npm is all a newcomer needs.
 *
 *   node scripts/pnpm.mjs install
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** Runs `pnpm ...args` in the root folder and returns its exit code. */
export function pnpm(args, { quiet = false } = {}) {
  const { status, stdout, stderr } = spawnSync('npx', ['--yes', packageManager, ...args], {
    cwd: root,
    stdio: quiet ? 'pipe' : 'inherit',
    encoding: 'utf8',
    shell: process.platform === 'win32',
    env: {
      ...process.env,
      TURBO_TELEMETRY_DISABLED: '1',
      DO_NOT_TRACK: '1',
      npm_config_loglevel: 'error',
      npm_config_update_notifier: 'false',
    },
  });
  // What was kept quiet is what explains a failure.
  if (quiet && status !== 0) process.stderr.write(`${stdout}${stderr}`);
  return status ?? 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = pnpm(process.argv.slice(2));
}
