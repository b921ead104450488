import '@tensorflow/tfjs-layers';
import { factoryOf } from './layer-case.js';
import { readJson } from './reference.js';

type Config = Readonly<Record<string, unknown>>;

const camelCase = (name: string): string =>
  name.replace(/_(\w)/g, (_, c: string) => c.toUpperCase());

/** Keras's name of an initialiser. */
function initializerName(value: unknown): unknown {
  const { className, config } = value as { className: string; config: Config };
  if (className !== 'VarianceScaling') return className;
  const { scale, mode, distribution } = config;
  return scale === 1 && mode === 'fanAvg' && distribution === 'uniform' ? 'GlorotUniform' : config;
}

/** A setting in Keras's words. */
function kerasValue(key: string, value: unknown): unknown {
  if (key.endsWith('_initializer')) return initializerName(value);
  if (value === 'channelsLast') return 'channels_last';
  return value;
}

/** The layer's own configuration says false; that it has it shows in its numbers. */
const UNSAID = 'reset_after';

const references =
  readJson<Record<string, { arguments: Config; config: Config }>>('layer-defaults');

test.each(Object.entries(references))('%s has the defaults of Keras', (className, expected) => {
  const args = Object.entries(expected.arguments).map(([key, value]) => [camelCase(key), value]);
  const config = factoryOf(className)(Object.fromEntries(args)).getConfig() as Config;
  // What tfjs-layers does not have as a setting is not in its configuration.
  const wanted = Object.entries(expected.config).filter(
    ([key]) => key !== UNSAID && config[camelCase(key)] !== undefined,
  );
  expect(wanted.length).toBeGreaterThan(0);
  const actual = wanted.map(([key]) => [key, kerasValue(key, config[camelCase(key)])]);
  expect(Object.fromEntries(actual)).toEqual(Object.fromEntries(wanted));
});
