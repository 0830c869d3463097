import { base64Of, utf8Bytes } from './bytes.ts';
import { yieldToEventLoop } from './system.ts';

/** As `src/platform/hashing.ts`, in a browser. WebCrypto has no hash that is computed at once, or piece by piece. */

/** Bytes of a block, and of the length at the end of the last one. */
const BLOCK = 64;
const LENGTH_BYTES = 8;
/** Bytes that are hashed before other work has a turn. */
const TURN_BYTES = 2 ** 16;

/** The first 32 bits of the fractional parts of roots of the first primes. */
function rootBits(count: number, root: (value: number) => number): Uint32Array {
  const primes: number[] = [];
  for (let value = 2; primes.length < count; value++)
    if (primes.every((prime) => value % prime !== 0)) primes.push(value);
  return Uint32Array.from(primes, (prime) => (root(prime) % 1) * 2 ** 32);
}

const ROUNDS = Int32Array.from(rootBits(64, Math.cbrt));
const START = Int32Array.from(rootBits(8, Math.sqrt));

/** SHA-256 of FIPS 180-4. */
class WebSha256 {
  readonly #state: Int32Array;
  /** Bytes that do not fill a block yet. */
  readonly #block: Uint8Array;
  readonly #words = new Int32Array(64);
  #length: number;

  constructor(state: Int32Array = START, block: Uint8Array = new Uint8Array(BLOCK), length = 0) {
    this.#state = Int32Array.from(state);
    this.#block = Uint8Array.from(block);
    this.#length = length;
  }

  copy(): WebSha256 {
    return new WebSha256(this.#state, this.#block, this.#length);
  }

  update(data: string | Uint8Array): this {
    const bytes = typeof data === 'string' ? utf8Bytes(data) : data;
    const held = this.#length % BLOCK;
    this.#length += bytes.length;
    let at = 0;
    if (held > 0) {
      at = Math.min(BLOCK - held, bytes.length);
      this.#block.set(bytes.subarray(0, at), held);
      if (held + at < BLOCK) return this;
      this.#compress(this.#block, 0);
    }
    for (; at + BLOCK <= bytes.length; at += BLOCK) this.#compress(bytes, at);
    this.#block.set(bytes.subarray(at));
    return this;
  }

  digest(encoding: 'hex' | 'base64'): string {
    const bytes = this.#end();
    return encoding === 'hex' ? hexOf(bytes) : base64Of(bytes);
  }

  /** Pads what has been hashed, and returns the digest, `[32]`. */
  #end(): Uint8Array {
    const length = this.#length;
    const zeros = (2 * BLOCK - LENGTH_BYTES - 1 - (length % BLOCK)) % BLOCK;
    const padding = new Uint8Array(1 + zeros + LENGTH_BYTES);
    padding[0] = 0x80;
    new DataView(padding.buffer).setBigUint64(1 + zeros, BigInt(length) * 8n);
    this.update(padding);
    const digest = new DataView(new ArrayBuffer(4 * START.length));
    for (const [index, word] of this.#state.entries()) digest.setInt32(4 * index, word);
    return new Uint8Array(digest.buffer);
  }

  #compress(bytes: Uint8Array, at: number): void {
    const words = this.#words;
    for (let t = 0; t < 16; t++) {
      const i = at + 4 * t;
      words[t] = (bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!;
    }
    for (let t = 16; t < 64; t++) {
      const [w2, w15] = [words[t - 2]!, words[t - 15]!];
      const s1 = ((w2 >>> 17) | (w2 << 15)) ^ ((w2 >>> 19) | (w2 << 13)) ^ (w2 >>> 10);
      const s0 = ((w15 >>> 7) | (w15 << 25)) ^ ((w15 >>> 18) | (w15 << 14)) ^ (w15 >>> 3);
      words[t] = (s1 + words[t - 7]! + s0 + words[t - 16]!) | 0;
    }
    const state = this.#state;
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let d = state[3]!;
    let e = state[4]!;
    let f = state[5]!;
    let g = state[6]!;
    let h = state[7]!;
    for (let t = 0; t < 64; t++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUNDS[t]! + words[t]!) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    state[0]! += a;
    state[1]! += b;
    state[2]! += c;
    state[3]! += d;
    state[4]! += e;
    state[5]! += f;
    state[6]! += g;
    state[7]! += h;
  }
}

export function newSha256(): WebSha256 {
  return new WebSha256();
}

export function sha256Hex(data: string | Uint8Array): string {
  return newSha256().update(data).digest('hex');
}

export async function sha256InTurns(data: string | Uint8Array): Promise<string> {
  const bytes = typeof data === 'string' ? utf8Bytes(data) : data;
  const hash = newSha256();
  for (let at = 0; at < bytes.length; at += TURN_BYTES) {
    if (at > 0) await yieldToEventLoop();
    hash.update(bytes.subarray(at, at + TURN_BYTES));
  }
  return hash.digest('hex');
}

export function randomHex(bytes: number): string {
  return hexOf(crypto.getRandomValues(new Uint8Array(bytes)));
}

export function randomSeed(): number {
  const [value = 0] = crypto.getRandomValues(new Uint32Array(1));
  return value % (2 ** 32 - 1);
}

export function sha256Base64(text: string): string {
  return newSha256().update(text).digest('base64');
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
