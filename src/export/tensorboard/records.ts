import { joinBytes } from '../../format/bytes.ts';
import { crc32c } from '../../format/crc32.ts';

/**
 * A record of a TFRecord file: its length as 64 bits, the masked CRC of the length, the data and its masked CRC
 * (https://www.tensorflow.org/tutorials/load_data/tfrecord).
 */
export function record(data: Uint8Array): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(data.length), true);
  return joinBytes([length, maskedCrc(length), data, maskedCrc(data)]);
}

/** The CRC rotated by 15 bits, plus a constant, because the CRC of data that contains its own CRC is of no use. */
function maskedCrc(data: Uint8Array): Uint8Array {
  const crc = crc32c(data);
  const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, masked, true);
  return bytes;
}
