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
]);

/** Read by a person, since their manifests do not name a licence by its usual name. */
const READ = new Map([['h5wasm', "NIST's public domain, around HDF5 under its BSD-style licence"]]);

/** Everything that users get with our packages has a licence that lets them use it. */
export async function checkLicences() {
  const listed = JSON.parse(await pnpm(['licenses', 'list', '--prod', '--json'], { cwd: ROOT }));
  const refused = Object.entries(listed)
    .filter(([licence]) => !ALLOWED.has(licence))
    .flatMap(([licence, packages]) => packages.map(({ name }) => ({ name, licence })))
    .filter(({ name }) => !READ.has(name))
    .map(({ name, licence }) => `${name}: ${licence}`);
  assert(refused.length === 0, refused.join('\n'));
}
