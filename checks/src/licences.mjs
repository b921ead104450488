import { assert } from './report.mjs';
import { pnpm, ROOT } from './workspace.mjs';

/** Licences under which code may go to users with ours. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'Apache-2.0 AND MIT',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'Python-2.0',
  // h5wasm: the HDF Group's licence, which is BSD-3-Clause with another name.
  'SEE LICENSE IN LICENSE.txt',
]);

/** Everything that users get with our packages has a licence that lets them use it. */
export async function checkLicences() {
  const listed = JSON.parse(await pnpm(['licenses', 'list', '--prod', '--json'], { cwd: ROOT }));
  const refused = Object.entries(listed)
    .filter(([licence]) => !ALLOWED.has(licence))
    .map(([licence, packages]) => `${licence}: ${packages.map(({ name }) => name).join(', ')}`);
  assert(refused.length === 0, refused.join('\n'));
}
