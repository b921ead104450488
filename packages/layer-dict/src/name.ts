/**
 * Checks the name of a layer.
 *
 * @throws TypeError for names that cannot be a piece of a path, and for those that a
 *   forgotten template value leaves behind (`block${undefined}`)
 */
export function checkName(name: unknown): string {
  if (typeof name === 'number' && Number.isInteger(name) && name >= 0) return String(name);
  if (typeof name !== 'string')
    throw refusal(name, 'a name is a string, as enc1, or an index from 0');
  if (name === '') throw refusal(name, 'a name cannot be empty');
  if (name !== name.trim()) throw refusal(name, 'a name cannot begin or end with a space');
  if (name.includes('/')) {
    const parts = name.split('/').map((part) => `'${part}'`);
    throw refusal(
      name,
      `'/' separates the pieces of a path; write get([${parts.join(', ')}], ...) or scope(...).get(...)`,
    );
  }
  if (/undefined|NaN|\[object .*\]|null$|^(true|false)$/.test(name)) {
    throw refusal(name, 'a value put into the name is missing or is no text');
  }
  return name;
}

function refusal(name: unknown, reason: string): TypeError {
  const shown = typeof name === 'string' ? `'${name}'` : String(name);
  return new TypeError(`LayerDict: ${shown} is no name for a layer: ${reason}.`);
}
