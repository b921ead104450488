/** A checksum of bytes; `crc32('123456789')` is 0xcbf43926, `crc32c` of it 0xe3069283. */
type Checksum = (bytes: Uint8Array) => number;

/** CRC-32 as in PNG. */
export const crc32: Checksum = checksum(0xedb88320);

/** CRC-32C (Castagnoli), as in TensorFlow's records. */
export const crc32c: Checksum = checksum(0x82f63b78);

/** @param polynomial with its bits reversed */
function checksum(polynomial: number): Checksum {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value;
  });
  return (bytes) => {
    let sum = 0xffffffff;
    for (const byte of bytes) sum = (sum >>> 8) ^ table[(sum ^ byte) & 0xff]!;
    return (sum ^ 0xffffffff) >>> 0;
  };
}
