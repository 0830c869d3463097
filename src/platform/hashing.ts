import { createHash, type Hash, randomBytes, randomInt } from 'node:crypto';

/** A SHA-256 under construction: `update` it piece by piece, then take `digest('hex')`. */
export type Sha256 = Pick<Hash, 'update' | 'digest'>;

export function newSha256(): Sha256 {
  return createHash('sha256');
}

/** SHA-256 of bytes, or of a text in UTF-8, hexadecimal. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Random bytes from the system, as hexadecimal digits: for names and nonces, never for numbers of a run. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

/** A random seed for a generator: an integer in [0, 2^32 - 1). */
export function randomSeed(): number {
  return randomInt(2 ** 32 - 1);
}

/** SHA-256 of a text in UTF-8, in base64. */
export function sha256Base64(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64');
}
