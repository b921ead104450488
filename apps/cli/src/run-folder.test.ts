import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectRunFolder, openRunFolder, putAside, replaceFile } from './run-folder.js';
import { UsageError } from './usage-error.js';

let root = '';
let out = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ae-cli-'));
  out = join(root, 'run');
});
afterEach(() => rmSync(root, { recursive: true }));

const put = (name: string, text = '') => writeFileSync(join(out, name), text);

describe('inspectRunFolder', () => {
  test('what is missing or empty is free', async () => {
    expect(await inspectRunFolder(out)).toBe('free');
    mkdirSync(out);
    expect(await inspectRunFolder(out)).toBe('free');
    put('notes.txt');
    expect(await inspectRunFolder(out)).toBe('free');
  });

  test('a run is recognised', async () => {
    mkdirSync(join(out, 'checkpoints'), { recursive: true });
    put('metrics.jsonl');
    expect(await inspectRunFolder(out)).toBe('holds a run');
  });

  test('a run among other files is left alone', async () => {
    mkdirSync(out);
    put('loss.svg');
    put('thesis.tex');
    await expect(inspectRunFolder(out)).rejects.toThrow('other files besides (thesis.tex)');
  });

  test('a file is no folder', async () => {
    writeFileSync(out, '');
    await expect(inspectRunFolder(out)).rejects.toThrow(`--out ${out} is not a folder`);
    await expect(inspectRunFolder(join(out, 'below'))).rejects.toThrow(UsageError);
  });
});

describe('putAside', () => {
  test('moves the run to the first free number', async () => {
    for (const expected of [`${out}.1`, `${out}.2`]) {
      mkdirSync(out);
      put('metrics.jsonl', expected);
      expect(await putAside(`${out}/`)).toBe(expected);
      expect(existsSync(out)).toBe(false);
    }
    expect(readdirSync(root).sort()).toEqual(['run.1', 'run.2']);
  });

  test('not when it is the current folder or one above', async () => {
    await expect(putAside('.')).rejects.toThrow('the current folder');
    await expect(putAside('..')).rejects.toThrow('the current folder');
  });
});

describe('openRunFolder', () => {
  test('marks the folder as long as it is open', async () => {
    const folder = await openRunFolder(out);
    expect(readdirSync(out)).toEqual(['.training']);
    await folder[Symbol.asyncDispose]();
    expect(readdirSync(out)).toEqual([]);
  });

  test('refuses a folder that a living process trains in, but not one that a dead one did', async () => {
    mkdirSync(out);
    put('.training', `${process.ppid}\n`);
    await expect(openRunFolder(out)).rejects.toThrow(`process ${process.ppid} is training in`);
    await expect(inspectRunFolder(out)).rejects.toThrow(UsageError);
    put('.training', `${spawnSync('true').pid}\n`);
    await (await openRunFolder(out))[Symbol.asyncDispose]();
  });

  test('says what cannot be written to', async () => {
    writeFileSync(out, '');
    await expect(openRunFolder(out)).rejects.toThrow(`cannot write into --out ${out}: EEXIST`);
    await expect(openRunFolder(join(out, 'a/b'))).rejects.toThrow('ENOTDIR');
  });

  test('makes the folders above', async () => {
    const below = join(out, 'a/b');
    await (await openRunFolder(below))[Symbol.asyncDispose]();
    expect(existsSync(below)).toBe(true);
  });

  // Where Node's own recursive mkdir never comes back.
  const onLinux = existsSync('/proc/self') ? test : test.skip;
  onLinux('a folder that takes no new ones is an error', async () => {
    await expect(openRunFolder('/proc/none/run')).rejects.toThrow('cannot write into');
  });
});

test('replaceFile leaves the old file and nothing else when it fails', async () => {
  mkdirSync(join(out, 'x.png'), { recursive: true });
  await expect(replaceFile(join(out, 'x.png'), 'new')).rejects.toThrow('EISDIR');
  expect(readdirSync(out)).toEqual(['x.png']);
  rmSync(join(out, 'x.png'), { recursive: true });
  await replaceFile(join(out, 'x.png'), 'new');
  expect(readdirSync(out)).toEqual(['x.png']);
});
