import { createHash, randomBytes, randomInt } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

/** A SHA-256 under construction: `update` it piece by piece, then take `digest('hex')`; that of a `copy` to go on. */
export interface Sha256 {
  update(data: string | Uint8Array): Sha256;
  digest(encoding: 'hex' | 'base64'): string;
  copy(): Sha256;
}

export function newSha256(): Sha256 {
  return createHash('sha256');
}

/** SHA-256 of bytes, or of a text in UTF-8, hexadecimal. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Bytes that are hashed before other work has a turn: a twentieth of a millisecond, as several files may wait for one. */
const TURN_BYTES = 2 ** 16;

/**
 * `sha256Hex` in turns, between which other work goes on: while the system writes a file, its hash costs no time.
 * WebCrypto hashes in a thread, but first copies the data in this one, which takes longer than the hash.
 */
export async function sha256InTurns(data: string | Uint8Array): Promise<string> {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += TURN_BYTES) {
    if (at > 0) await setImmediate();
    hash.update(bytes.subarray(at, at + TURN_BYTES));
  }
  return hash.digest('hex');
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
