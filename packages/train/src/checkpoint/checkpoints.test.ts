import * as nodeFileSystem from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  type CheckpointContent,
  type CheckpointInfo,
  type CheckpointStore,
  Checkpoints,
  DamagedCheckpointError,
  memory,
} from '../index.js';
import { directory, type FileSystem } from '../node.js';
import { bestFirst, kept } from './retention.js';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await nodeFileSystem.rm(folder, { recursive: true });
});
async function temporary(): Promise<string> {
  const folder = await nodeFileSystem.mkdtemp(join(tmpdir(), 'ae-checkpoints-'));
  folders.push(folder);
  return folder;
}

function content(step: number): CheckpointContent {
  const value = { dtype: 'float32' as const, shape: [3], data: Float32Array.of(step, 0.5, -step) };
  return {
    tensors: {
      weights: new Map([['a/kernel', value]]),
      optimizer: new Map([['a/kernel/m', value]]),
    },
    state: {
      version: 1,
      step,
      loss: Number.NaN,
      note: 'ü',
      nested: [-0, Number.POSITIVE_INFINITY],
    },
  };
}

const at = (step: number) => ({ run: 'run', step, epoch: 0, metrics: { loss: 1 / step } });

test('gives back exactly what was saved', async () => {
  const checkpoints = new Checkpoints(memory());
  const info = await checkpoints.save(content(3), at(3));
  expect(info.name).toBe('000001-step-3');
  const loaded = await checkpoints.load(info.name);
  expect(loaded).toEqual({ info, ...content(3) });
});

test('a bit that flips anywhere is noticed, named and stepped over, and nothing is deleted', async () => {
  const store = memory();
  const checkpoints = new Checkpoints(store);
  await checkpoints.save(content(1), at(1));
  const { name } = await checkpoints.save(content(2), at(2));
  for (const file of await store.files(name)) {
    const whole = await store.read(name, file);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(7), async (place, bit) => {
        const flipped = whole.slice();
        flipped[place]! ^= 1 << bit;
        await store.put(name, file, flipped);
        await expect(checkpoints.load(name)).rejects.toThrow(DamagedCheckpointError);
        const damages: string[] = [];
        const latest = await checkpoints.latest((damage) => damages.push(damage.message));
        expect(latest?.info.step).toBe(1);
        expect(damages).toHaveLength(1);
        expect(damages[0]).toContain(`"${name}" is damaged`);
        expect(damages[0]).toContain(file);
      }),
      { numRuns: 25 },
    );
    await store.put(name, file, whole);
  }
  expect((await checkpoints.latest())?.info.step).toBe(2);
});

test('a file that is cut, emptied or missing is noticed', async () => {
  for (const file of ['weights.safetensors', 'state.json', 'manifest.json']) {
    const folder = await temporary();
    const checkpoints = new Checkpoints(directory(folder));
    await checkpoints.save(content(1), at(1));
    const { name } = await checkpoints.save(content(2), at(2));
    const path = join(folder, name, file);
    const size = (await nodeFileSystem.stat(path)).size;
    for (const length of [size - 1, Math.floor(size / 2), 0]) {
      await nodeFileSystem.truncate(path, length);
      const damages: string[] = [];
      expect((await checkpoints.latest((damage) => damages.push(damage.problem)))?.info.step).toBe(
        1,
      );
      expect(damages[0]).toContain(file);
    }
    await nodeFileSystem.rm(path);
    await expect(checkpoints.load(name)).rejects.toThrow(file);
    expect(await nodeFileSystem.readdir(folder)).toContain(name);
  }
});

test('a checkpoint of a later version is not taken for a damaged one of ours', async () => {
  const store = memory();
  const checkpoints = new Checkpoints(store);
  const { name } = await checkpoints.save(content(1), at(1));
  const manifest = new TextDecoder().decode(await store.read(name, 'manifest.json'));
  const body = manifest
    .slice(0, manifest.lastIndexOf(',\n "sha256"'))
    .replace('"version": 1', '"version": 2');
  const { sha256 } = await import('./manifest.js');
  const sum = await sha256(new TextEncoder().encode(body));
  await store.put(
    name,
    'manifest.json',
    new TextEncoder().encode(`${body},\n "sha256": "${sum}"\n}\n`),
  );
  await expect(checkpoints.load(name)).rejects.toThrow('ae-checkpoint version 2');
});

/** A file system whose operation number `failing` fails, and all that follow if the process is dead. */
function faulty(failing: number, kind: 'error' | 'crash' | 'short'): FileSystem {
  let operations = 0;
  const fails = (): boolean => {
    operations++;
    return kind === 'crash' ? operations >= failing : operations === failing;
  };
  const error = (): Error =>
    Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  const guarded =
    <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (fails()) throw error();
      return work(...args);
    };
  const open: FileSystem['open'] = async (...args) => {
    if (fails()) throw error();
    const handle = await nodeFileSystem.open(...args);
    const { writeFile, sync } = handle;
    handle.writeFile = async (data, ...rest) => {
      if (!fails()) return writeFile.call(handle, data, ...rest);
      const bytes = data as Uint8Array;
      await writeFile.call(handle, bytes.subarray(0, bytes.length >> 1), ...rest);
      // A disk that lies: half is written, and nobody is told.
      if (kind !== 'short') throw error();
    };
    handle.sync = guarded(() => sync.call(handle));
    return handle;
  };
  return {
    ...nodeFileSystem,
    open,
    mkdir: guarded(nodeFileSystem.mkdir) as FileSystem['mkdir'],
    rename: guarded(nodeFileSystem.rename),
    rm: guarded(nodeFileSystem.rm),
  };
}

test.each(['error', 'crash', 'short'] as const)(
  'whatever operation of the file system fails (%s), the older checkpoint is whole',
  async (kind) => {
    let succeeded = false;
    for (let failing = 1; !succeeded; failing++) {
      expect(failing).toBeLessThan(80);
      const folder = await temporary();
      const good = new Checkpoints(directory(folder), { last: 1 });
      await good.save(content(1), at(1));
      const bad = new Checkpoints(directory(folder, faulty(failing, kind)), { last: 1 });
      succeeded = await bad.save(content(2), at(2)).then(
        () => true,
        () => false,
      );
      // A new process finds the new one or the old one, and goes on.
      const found = await good.latest();
      expect([1, 2]).toContain(found?.info.step);
      if (succeeded) expect(found?.info.step).toBe(2);
      expect(found).toMatchObject(content(found!.info.step));
      await good.save(content(3), at(3));
      expect((await good.latest())?.info.step).toBe(3);
      const { leftovers } = await good.list();
      // Only a dead process leaves something behind, and its name says what.
      const expected = kind === 'crash' ? ['.writing-000002-step-2'] : [];
      expect(expected).toEqual(expect.arrayContaining([...leftovers]));
    }
  },
);

test.each([1, 2, 3, 4, 5, 6])(
  'whatever call of a store fails (%i), nothing is lost',
  async (failing) => {
    const store = memory();
    const good = new Checkpoints(store, { last: 1 });
    await good.save(content(1), at(1));
    let calls = 0;
    const failingStore = new Proxy(store, {
      get(target, key: keyof CheckpointStore) {
        const value = target[key];
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]) => {
          if (key !== 'read' && key !== 'files' && ++calls === failing)
            throw new Error('quota exceeded');
          return (value as (...all: unknown[]) => unknown).apply(target, args);
        };
      },
    });
    await new Checkpoints(failingStore, { last: 1 })
      .save(content(2), at(2))
      .catch((error: Error) => {
        expect(error.message).toBe('quota exceeded');
      });
    expect([1, 2]).toContain((await good.latest())?.info.step);
  },
);

describe('retention', () => {
  const info = (sequence: number, extra: Partial<CheckpointInfo> = {}): CheckpointInfo => ({
    name: `c${sequence}`,
    sequence,
    run: 'r',
    step: sequence * 10,
    epoch: 0,
    savedAt: new Date(sequence * 60_000).toISOString(),
    metrics: {},
    pinned: false,
    ...extra,
  });
  const names = (infos: CheckpointInfo[], keep: Parameters<typeof kept>[1]): string =>
    [...kept(infos, keep)].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))).join(' ');

  test('last, best, every so many steps or minutes, pinned', () => {
    const losses = [5, 2, 9, 1, 3, 4, 8];
    const infos = losses.map((loss, i) => info(i + 1, { metrics: { loss } }));
    expect(names(infos, { last: 2 })).toBe('c6 c7');
    expect(names(infos, { last: 1, best: 2 })).toBe('c2 c4 c7');
    expect(names(infos, { best: 1, mode: 'max' })).toBe('c3 c7');
    expect(names(infos, { everySteps: 30 })).toBe('c1 c4 c7');
    expect(names(infos, { everyMinutes: 2 })).toBe('c1 c3 c5 c7');
    expect(names([info(1, { pinned: true }), ...infos.slice(1)], {})).toBe('c1 c7');
    expect(names(infos, { last: 0 })).toBe('c7');
  });

  test('the validation counts, where there is one', () => {
    const infos = [
      info(1, { metrics: { loss: 3, 'validation/loss': 1 } }),
      info(2, { metrics: { loss: 1, 'validation/loss': 2 } }),
      info(3, { metrics: { loss: 0 } }),
      info(4, { metrics: { loss: 0, 'validation/loss': Number.NaN } }),
    ];
    expect(bestFirst(infos, {}).map(({ name }) => name)).toEqual(['c1', 'c2']);
    expect(names(infos, { best: 1 })).toBe('c1 c4');
    expect(names(infos, { best: 1, metric: 'loss' })).toBe('c3 c4');
  });

  test('always keeps the newest and the pinned, and choosing again changes nothing', () => {
    const any = fc.array(
      fc.record({ metric: fc.double(), pinned: fc.boolean(), step: fc.nat(1000) }),
      { minLength: 1, maxLength: 20 },
    );
    const keep = fc.record(
      { last: fc.nat(4), best: fc.nat(4), everySteps: fc.nat(100), everyMinutes: fc.nat(5) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(any, keep, (entries, rules) => {
        const infos = entries.map(({ metric, pinned, step }, i) =>
          info(i + 1, { metrics: { loss: metric }, pinned, step }),
        );
        const chosen = kept(infos, rules);
        expect(chosen).toContain(`c${infos.length}`);
        for (const { name, pinned } of infos) if (pinned) expect(chosen).toContain(name);
        expect(
          kept(
            infos.filter(({ name }) => chosen.has(name)),
            rules,
          ),
        ).toEqual(chosen);
      }),
    );
  });

  test('the best survives a restart', async () => {
    const store = memory();
    const losses = [4, 1, 3, 2, 5, 6];
    for (const [index, loss] of losses.entries()) {
      const checkpoints = new Checkpoints(store, { last: 1, best: 1 });
      await checkpoints.save(content(index), { ...at(index), metrics: { loss } });
    }
    const { checkpoints } = await new Checkpoints(store).list();
    expect(checkpoints.map(({ step }) => step)).toEqual([5, 1]);
    expect((await new Checkpoints(store, { best: 1 }).best())?.info.step).toBe(1);
  });
});
