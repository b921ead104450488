import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

// Jest runs the sources with another build of h5wasm; this runs what is published.
test('the built package reads a file of Keras in plain Node', () => {
  const script = `
    import { readFileSync } from 'node:fs';
    import { fromKeras, toKeras } from '@ae/interop';
    const model = { namedVariables: () => new Map([['enc1/kernel', { shape: [4, 4, 1, 4] }]]) };
    const state = await fromKeras(readFileSync(process.argv[1]), model);
    const value = state.get('enc1/kernel');
    const only = { ...model, stateDict: () => new Map([['enc1/kernel', value]]) };
    const again = await fromKeras(await toKeras(only), model);
    console.log(JSON.stringify([value.shape, [...again.keys()], again.get('enc1/kernel').data[0] === value.data[0]]));
  `;
  const file = join(__dirname, '../../../reference/data/small.keras');
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script, file], {
    cwd: join(__dirname, '..'),
    encoding: 'utf8',
  });
  expect(JSON.parse(output)).toEqual([[4, 4, 1, 4], ['enc1/kernel'], true]);
});
