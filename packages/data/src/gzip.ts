export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks gzip data with the platform's own `DecompressionStream`, which
 * verifies the checksum and exists in browsers and in Node alike.
 *
 * @param limit called with the first chunk; more bytes than it answers are
 *   refused, so that a small hostile file cannot fill the memory
 * @throws Error (as a rejection) when the data is damaged or too long
 */
export async function gunzip(
  packed: Uint8Array,
  limit: (start: Uint8Array) => number,
): Promise<Uint8Array> {
  const stream = new Blob([packed as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream('gzip'));
  const chunks: Uint8Array[] = [];
  let length = 0;
  let most = Number.POSITIVE_INFINITY;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (chunks.length === 0) most = limit(value);
    chunks.push(value);
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new Error(`it unpacks to more than the ${most} bytes expected`);
    }
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
