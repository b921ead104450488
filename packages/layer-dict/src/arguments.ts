/** What tfjs-layers can write down: initialisers, regularisers, layers. */
interface Serializable {
  getClassName(): string;
  getConfig(): Record<string, unknown>;
}

/**
 * The arguments as they are now: objects and lists are copied, so that changing
 * them later does not go unnoticed.
 */
export function snapshot(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snapshot);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, snapshot(each)]));
}

/**
 * In what two lists of arguments differ, as `filters: 32, now 64`. A key that is
 * absent equals one that is undefined; two initialisers (or layers) of the same
 * configuration are equal, and so are functions of the same text.
 */
export function differences(before: unknown, now: unknown, path = ''): string[] {
  if (Object.is(before, now)) return [];
  if (isSerializable(before) && isSerializable(now)) {
    return differences(written(before), written(now), path);
  }
  if (typeof before === 'function' && typeof now === 'function' && sameFunction(before, now)) {
    return [];
  }
  const areLists = Array.isArray(before) && Array.isArray(now);
  if (!areLists && !(isPlain(before) && isPlain(now))) {
    return [`${path}: ${show(before)}, now ${show(now)}`];
  }
  const left = before as Record<string, unknown>;
  const right = now as Record<string, unknown>;
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) =>
    differences(left[key], right[key], path === '' ? key : `${path}.${key}`),
  );
}

/**
 * Whether two functions are the same one, or the same text evaluated twice, as an
 * arrow function in a method is at each call.
 */
export function sameFunction(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  const text = Function.prototype.toString;
  const source = text.call(a);
  return source === text.call(b) && !source.includes('[native code]');
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isSerializable(value: unknown): value is Serializable {
  const { getClassName, getConfig } = (value ?? {}) as Partial<Serializable>;
  return typeof getClassName === 'function' && typeof getConfig === 'function';
}

/** A layer's configuration without its name, which counts up when none was given. */
function written(value: Serializable): Record<string, unknown> {
  const { name: _, ...config } = value.getConfig();
  return { className: value.getClassName(), ...config };
}

function show(value: unknown): string {
  if (typeof value === 'function') return value.name === '' ? 'a function' : value.name;
  if (isSerializable(value)) return value.getClassName();
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string' ? `'${value}'` : String(value);
  }
  const tensor = value as { shape?: unknown; dtype?: unknown };
  if (Array.isArray(tensor.shape)) return `a tensor [${tensor.shape.join(', ')}]`;
  if (Array.isArray(value) || isPlain(value)) return JSON.stringify(value) ?? 'an object';
  return 'another object';
}
