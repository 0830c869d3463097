/** Computes a CRC of 32 bits. */
export type Crc = (bytes: Uint8Array) => number;

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
  return (bytes) => {
    let crc = 0xffffffff;
    for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
    return (crc ^ 0xffffffff) >>> 0;
  };
}
