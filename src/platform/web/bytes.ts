/** As `src/platform/bytes.ts`, in a browser. */

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

export function indexOfBytes(bytes: Uint8Array, part: Uint8Array, from = 0): number {
  const [first = 0] = part;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1))
    if (sameBytes(bytes.subarray(at, at + part.length), part)) return at;
  return -1;
}

export function utf8Bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

export function utf8Length(text: string): number {
  return utf8Bytes(text).length;
}

export function utf8Text(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

export function asciiText(bytes: Uint8Array): string {
  return utf8Text(bytes);
}

/** Code units that become a text at a time: the engine limits the arguments of a call. */
const UNITS = 2 ** 13;

export function utf16Text(bytes: Uint8Array, bigEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  // A `TextDecoder` would replace lone surrogates.
  const units = Uint16Array.from({ length: bytes.length / 2 }, (_, index) => view.getUint16(2 * index, !bigEndian));
  return textOfUnits(units);
}

export function base64Of(bytes: Uint8Array): string {
  return btoa(textOfUnits(bytes));
}

export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  const digits = text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/=.*$/s, '')
    .replaceAll(/[^A-Za-z0-9+/]/g, '');
  // A last digit alone has no byte.
  const whole = digits.length % 4 === 1 ? digits.slice(0, -1) : digits;
  return Uint8Array.from(atob(whole), (character) => character.charCodeAt(0));
}

function textOfUnits(units: Uint8Array | Uint16Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < units.length; at += UNITS) pieces.push(String.fromCharCode(...units.subarray(at, at + UNITS)));
  return pieces.join('');
}
