import { joinBytes } from '../../format/bytes.ts';

/**
 * The table of byte-level byte-pair encoding (Radford et al. 2019): a printable character for each byte, so that tokens are
 * texts.
 */

const isPrintable = (byte: number): boolean =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;

/** Character of each byte. */
const BYTE_CHARACTERS: readonly string[] = (() => {
  let other = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : other++));
})();

const BYTES: ReadonlyMap<string, number> = new Map(BYTE_CHARACTERS.map((character, byte) => [character, byte]));
const encoder = new TextEncoder();

/** The characters of the bytes of a text in UTF-8. */
export function toByteCharacters(text: string): string {
  let result = '';
  for (const byte of encoder.encode(text)) result += BYTE_CHARACTERS[byte]!;
  return result;
}

/** The bytes of a token; those of its text, if it is none of the table. */
export function bytesOf(token: string): Uint8Array {
  const bytes = new Uint8Array(token.length);
  for (let unit = 0; unit < token.length; unit++) {
    const byte = BYTES.get(token[unit]!);
    if (byte === undefined) return encoder.encode(token);
    bytes[unit] = byte;
  }
  return bytes;
}

/** The text of bytes in UTF-8, with U+FFFD for those that are none. */
export function textOfBytes(parts: readonly Uint8Array[]): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(joinBytes(parts));
}

/** Name of a byte as a token, such as `<0x0A>`. */
export function byteToken(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
}
