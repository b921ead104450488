/**
 * Gives one object another method for a while, without touching its class.
 *
 * @returns takes it back
 */
export function shadow<T extends object, K extends keyof T>(
  object: T,
  method: K,
  replacement: T[K],
): () => void {
  const before = Object.getOwnPropertyDescriptor(object, method);
  object[method] = replacement;
  return () => {
    if (before) Object.defineProperty(object, method, before);
    else delete (object as Partial<T>)[method];
  };
}
