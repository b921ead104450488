/**
 * The attributes of an object, except getters, which are never run: they may be
 * expensive, throw, or make new variables.
 */
export function* attributes(object: object): Iterable<readonly [name: string, value: unknown]> {
  for (const key of Reflect.ownKeys(object)) {
    const descriptor = Reflect.getOwnPropertyDescriptor(object, key);
    // Of a getter the descriptor has no value.
    yield [typeof key === 'string' ? key : (key.description ?? ''), descriptor?.value];
  }
}

/**
 * What an array, a Map, a Set or a plain object holds, by index or key. Nothing
 * for anything else: objects of other classes keep their secrets.
 */
export function* containerContents(value: unknown): Iterable<readonly [string, unknown]> {
  if (typeof value !== 'object' || value === null) return;
  // Tags instead of `instanceof`, which fails for objects of another realm.
  const tag = Object.prototype.toString.call(value);
  if (tag === '[object Array]') {
    yield* numbered(value as Iterable<unknown>);
  } else if (tag === '[object Set]') {
    yield* numbered(value as Iterable<unknown>);
  } else if (tag === '[object Map]') {
    let index = 0;
    for (const [key, held] of value as Map<unknown, unknown>) {
      const named = typeof key === 'string' || typeof key === 'number';
      yield [named ? String(key) : String(index), held];
      index++;
    }
  } else if (isPlainObject(value)) {
    yield* attributes(value);
  }
}

function* numbered(values: Iterable<unknown>): Iterable<readonly [string, unknown]> {
  let index = 0;
  for (const value of values) yield [String(index++), value];
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
