/** Bytes and texts, as fast as the platform has them. Texts with a byte order mark keep it. */

/** Parts one after another. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Buffer.concat(parts);
}

/** Whether two arrays have the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Place of the first occurrence of some bytes from a place on; -1 without one. */
export function indexOfBytes(bytes: Uint8Array, part: Uint8Array, from = 0): number {
  return view(bytes).indexOf(part, from);
}

/** The bytes of a text in UTF-8. */
export function utf8Bytes(text: string): Uint8Array<ArrayBuffer> {
  return Buffer.from(text);
}

/** Number of bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  return Buffer.byteLength(text);
}

/** The text of UTF-8 bytes, with U+FFFD for each invalid sequence. */
export function utf8Text(bytes: Uint8Array): string {
  return view(bytes).toString('utf8');
}

/** The text of bytes that are all ASCII. */
export function asciiText(bytes: Uint8Array): string {
  return view(bytes).toString('latin1');
}

/** The text of an even number of UTF-16 bytes, with the lone surrogates that they have. */
export function utf16Text(bytes: Uint8Array, bigEndian: boolean): string {
  return (bigEndian ? Buffer.from(bytes).swap16() : view(bytes)).toString('utf16le');
}

export function base64Of(bytes: Uint8Array): string {
  return view(bytes).toString('base64');
}

/** The bytes of a text in base64. Characters that are none of base64 are skipped. */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  return Buffer.from(text, 'base64');
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
