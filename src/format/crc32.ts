/** Computes a CRC of 32 bits. @param before CRC of the bytes before these */
export type Crc = (bytes: Uint8Array, before?: number) => number;

/** The CRC of zip files (ISO 3309), with the reversed polynomial 0xedb88320. */
export const crc32: Crc = crcOf(0xedb88320);

/** CRC-32C (Castagnoli), the CRC of TFRecord files, with the reversed polynomial 0x82f63b78. */
export const crc32c: Crc = crcOf(0x82f63b78);

function crcOf(polynomial: number): Crc {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value;
  });
  return (bytes, before = 0) => {
    let crc = before ^ 0xffffffff;
    for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
    return (crc ^ 0xffffffff) >>> 0;
  };
}
