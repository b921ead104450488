/**
 * Kills a program (SIGKILL) at random moments while it trains and saves, and
 * resumes it each time. Every restart must find whole checkpoints only, and the end
 * must equal the uninterrupted run to the byte.
 *
 *   node scripts/kill.mjs --kills 1000 [--seed 1]
 *
 * Needs built packages (`npm run build` in the root folder).
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fillUniform, foldIn } from '@ae/random';
import { Checkpoints } from '@ae/train';
import { directory } from '@ae/train/node';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } },
});
const kills = Number(values.kills);
const seed = Number(values.seed);
/** The longest time in ms that a child trains before it is killed. */
const LONGEST = 250;
const child = fileURLToPath(new URL('kill-child.mjs', import.meta.url));

/** Runs the program; kills it `delay` ms after it began to train. Resolves with whether it ended. */
function run(folder, steps, delay) {
  return new Promise((resolve, reject) => {
    const process_ = spawn(process.execPath, [child, folder, String(steps)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    process_.stderr.on('data', (text) => {
      errors += text;
    });
    process_.stdout.once('data', () => {
      if (delay !== undefined) setTimeout(() => process_.kill('SIGKILL'), delay);
    });
    process_.on('exit', (code, signal) => {
      if (code !== null && code !== 0) reject(new Error(`The program failed:\n${errors}`));
      else resolve(signal === null);
    });
  });
}

/** Every file of the newest checkpoint but the manifest, which holds the time. */
async function newestFiles(folder) {
  const latest = await new Checkpoints(directory(folder)).latest();
  const path = join(folder, latest.info.name);
  const names = (await readdir(path)).filter((name) => name !== 'manifest.json').sort();
  return Promise.all(
    names.map(async (name) => [name, (await readFile(join(path, name))).toString('hex')]),
  );
}

const scratch = await mkdtemp(join(tmpdir(), 'ae-kill-'));
const killedFolder = join(scratch, 'killed');
let killed = 0;
let steps = 0;
let brokenOff = 0;
while (killed < kills) {
  // The goal moves on, so that there is always something left to do.
  const latest = await new Checkpoints(directory(killedFolder)).latest();
  steps = Math.max(steps, (latest?.info.step ?? 0) + 30);
  const [part] = fillUniform(foldIn(seed, 'delay', killed), new Float32Array(1));
  if (!(await run(killedFolder, steps, part * LONGEST))) killed++;
  const { damaged, checkpoints, leftovers } = await new Checkpoints(directory(killedFolder)).list();
  if (damaged.length > 0) throw damaged[0];
  // A resumed run comes to the same step again and takes the same hidden name.
  brokenOff += leftovers.length;
  for (const { name } of checkpoints) await new Checkpoints(directory(killedFolder)).load(name);
}
await run(killedFolder, steps);
const whole = join(scratch, 'whole');
await run(whole, steps);
const same =
  JSON.stringify(await newestFiles(killedFolder)) === JSON.stringify(await newestFiles(whole));
await rm(scratch, { recursive: true });
if (!same) throw new Error('The end differs from the uninterrupted run.');
console.log(
  `killed ${killed} times in ${steps} steps, ${brokenOff} of them while it wrote; ` +
    'no damaged checkpoint, the end is the same to the byte',
);
