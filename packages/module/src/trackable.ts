/**
 * Something that says itself what it holds: a module, and things that reflection
 * cannot look into, as a function that makes its layer late.
 */
export interface Trackable {
  /**
   * What is held, by name. A name is a piece of the path (`'enc1'`, also
   * `'block/0'`); the empty name adds nothing to the path.
   */
  trackedEntries(): Iterable<readonly [name: string, value: unknown]>;
  /**
   * Whether a variable that does not exist yet may still be made at this path
   * (relative to here). Absent for what never makes variables late.
   */
  mayMake?(path: string): boolean;
}

/** Whether `value` follows the protocol of {@link Trackable}. */
export function isTrackable(value: unknown): value is Trackable {
  const kind = typeof value;
  if ((kind !== 'object' && kind !== 'function') || value === null) return false;
  return typeof (value as Partial<Trackable>).trackedEntries === 'function';
}

/** `enc1` below `encoder` is `encoder/enc1`; an empty piece adds nothing. */
export function joinPath(parent: string, name: string): string {
  if (parent === '') return name;
  return name === '' ? parent : `${parent}/${name}`;
}
