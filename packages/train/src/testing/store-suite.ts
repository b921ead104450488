import fc from 'fast-check';
import { Checkpoints } from '../checkpoint/checkpoints.js';
import type { CheckpointStore } from '../stores/store.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const group = (...files: [string, Uint8Array][]): Map<string, Uint8Array> => new Map(files);

/** What every store must do; each implementation runs these tests. */
export function describeStore(name: string, open: () => Promise<CheckpointStore>): void {
  describe(`${name} store`, () => {
    let store: CheckpointStore;
    beforeEach(async () => {
      store = await open();
    });

    test('is empty at first', async () => {
      expect(await store.list()).toEqual([]);
      expect(await store.leftovers()).toEqual([]);
      expect(await new Checkpoints(store).latest()).toBeUndefined();
      await expect(store.files('absent')).rejects.toThrow('There is no checkpoint "absent"');
      await expect(store.read('absent', 'a')).rejects.toThrow('There is no');
    });

    test('gives back what was written', async () => {
      await store.write('one', group(['a.bin', bytes(1, 2, 3)], ['empty', bytes()]));
      await store.write('two', group(['a.bin', bytes(9)]));
      expect((await store.list()).sort()).toEqual(['one', 'two']);
      expect((await store.files('one')).sort()).toEqual(['a.bin', 'empty']);
      expect([...(await store.read('one', 'a.bin'))]).toEqual([1, 2, 3]);
      expect(await store.read('one', 'empty')).toHaveLength(0);
      expect([...(await store.read('two', 'a.bin'))]).toEqual([9]);
      await expect(store.read('one', 'b')).rejects.toThrow('There is no file "b" in "one"');
    });

    test('does not keep the arrays that it was given or gave', async () => {
      const given = bytes(1, 2);
      await store.write('one', group(['a', given]));
      given[0] = 7;
      const read = await store.read('one', 'a');
      read[1] = 7;
      expect([...(await store.read('one', 'a'))]).toEqual([1, 2]);
    });

    test('never writes over a group', async () => {
      await store.write('one', group(['a', bytes(1)]));
      await expect(store.write('one', group(['a', bytes(2)]))).rejects.toThrow('"one"');
      expect([...(await store.read('one', 'a'))]).toEqual([1]);
    });

    test('replaces one file', async () => {
      await store.write('one', group(['a', bytes(1)]));
      await store.put('one', 'b', bytes(2));
      await store.put('one', 'a', bytes(3, 4));
      expect((await store.files('one')).sort()).toEqual(['a', 'b']);
      expect([...(await store.read('one', 'a'))]).toEqual([3, 4]);
      await expect(store.put('absent', 'a', bytes(1))).rejects.toThrow('There is no checkpoint');
    });

    test('removes a group, and minds no absent one', async () => {
      await store.write('one', group(['a', bytes(1)]));
      await store.write('two', group(['a', bytes(1)]));
      await store.remove('one');
      await store.remove('one');
      expect(await store.list()).toEqual(['two']);
      await store.write('one', group(['a', bytes(5)]));
      expect([...(await store.read('one', 'a'))]).toEqual([5]);
    });

    test('refuses names that lead elsewhere', async () => {
      const bad = [
        '',
        '.',
        '..',
        '../up',
        'a/b',
        'a\\b',
        '/root',
        '.hidden',
        'a\0',
        'con:',
        'end.',
      ];
      for (const each of bad) {
        await expect(store.write(each, group(['a', bytes(1)]))).rejects.toThrow('cannot be a name');
        await expect(store.write('good', group([each, bytes(1)]))).rejects.toThrow('cannot be');
      }
      expect(await store.list()).toEqual([]);
    });

    test('writes groups side by side', async () => {
      const names = Array.from({ length: 8 }, (_, i) => `g${i}`);
      await Promise.all(names.map((each, i) => store.write(each, group(['a', bytes(i)]))));
      expect((await store.list()).sort()).toEqual(names);
    });

    test('holds any bytes', async () => {
      let count = 0;
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (content) => {
          const each = `any-${count++}`;
          await store.write(each, group(['x', content]));
          expect([...(await store.read(each, 'x'))]).toEqual([...content]);
        }),
        { numRuns: 10 },
      );
    });

    test('holds checkpoints', async () => {
      const checkpoints = new Checkpoints(store, { last: 2 });
      const content = (step: number) => ({
        tensors: {
          weights: new Map([
            ['a/b', { dtype: 'float32' as const, shape: [2], data: Float32Array.of(step, -step) }],
          ]),
        },
        state: { step },
      });
      const infos = [];
      for (const step of [1, 2, 3, 4]) {
        infos.push(await checkpoints.save(content(step), { run: 'r', step, epoch: 0 }));
        if (step === 1) await checkpoints.pin(infos[0]!.name);
      }
      const kept = (await checkpoints.list()).checkpoints.map(({ step }) => step);
      expect(kept).toEqual([4, 3, 1]);
      const latest = await checkpoints.latest();
      expect(latest?.state).toEqual({ step: 4 });
      expect(latest?.tensors.weights?.get('a/b')?.data).toEqual(Float32Array.of(4, -4));
      await checkpoints.unpin(infos[0]!.name);
      await checkpoints.save(content(5), { run: 'r', step: 5, epoch: 0 });
      expect((await checkpoints.list()).checkpoints.map(({ step }) => step)).toEqual([5, 4]);
    });
  });
}
