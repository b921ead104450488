/**
 * Finds a Chromium for the tests that need a browser, and installs Debian's where there is none.
 *
 *   node scripts/chromium.mjs      prints its path
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ELSEWHERE = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** The path of `CHROME_PATH`, or of a Chromium or Chrome that is installed; `undefined` if none is. */
export function findChromium() {
  const { CHROME_PATH, PATH = '' } = process.env;
  if (CHROME_PATH) return CHROME_PATH;
  const folders = PATH.split(delimiter);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, ...ELSEWHERE].find((path) => existsSync(path));
}

/**
 * As {@link findChromium}, but installs Chromium with apt-get when there is none and this process may.
 *
 * @throws Error when there is no way to one
 */
export function requireChromium() {
  const found = findChromium();
  if (found) return found;
  if (process.platform === 'linux' && process.getuid() === 0) {
    console.error('Installing Chromium (once) ...');
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
      // Another test may be installing it just now.
      spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    }
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error('No Chromium: install one, or name it in CHROME_PATH.');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(requireChromium());
