import { phrase, PhrasedError } from '../../phrases/phrase.ts';

/** Reads little-endian numbers of a file, and nothing outside of it. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#at = at;
    this.#check(0);
  }

  /** Bytes after the place of the reader. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), true);
  }

  /** A number of 1, 2, 4 or 8 bytes. */
  unsigned(bytes: number): number {
    return bytes === 1 ? this.u8() : bytes === 2 ? this.u16() : bytes === 4 ? this.u32() : this.length();
  }

  /** A size of 8 bytes. */
  length(): number {
    const value = this.u64();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw outside();
    return Number(value);
  }

  /** An address within the file. */
  address(): number {
    return this.length();
  }

  /** An address, or undefined for none. */
  addressOrNone(): number | undefined {
    const value = this.u64();
    if (value === NO_ADDRESS || value === 0n) return undefined;
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw outside();
    return Number(value);
  }

  skip(bytes: number): void {
    this.#advance(bytes);
  }

  /** A reader of the next bytes, which are skipped. */
  part(bytes: number): ByteReader {
    const start = this.#advance(bytes);
    return new ByteReader(this.#bytes.subarray(start, start + bytes));
  }

  /** A reader of the same bytes at another place. */
  at(place: number): ByteReader {
    return new ByteReader(this.#bytes, place);
  }

  /** What is left. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }

  /** What is left, as UTF-8. */
  text(): string {
    return new TextDecoder().decode(this.bytes());
  }

  /** What is left until a zero, as UTF-8. */
  zeroTerminated(): string {
    const rest = this.bytes().subarray(0, LONGEST_TEXT);
    const end = rest.indexOf(0);
    return new TextDecoder().decode(end < 0 ? rest : rest.subarray(0, end));
  }

  /** Checks the next four bytes. */
  signature(expected: string): void {
    if (this.part(4).text() !== expected)
      throw new PhrasedError(phrase('It is damaged: "{0}" is missing at the place that another part names.', expected));
  }

  #advance(bytes: number): number {
    this.#check(bytes);
    const start = this.#at;
    this.#at += bytes;
    return start;
  }

  #check(bytes: number): void {
    if (!(bytes >= 0 && this.#at + bytes <= this.#bytes.length)) throw outside();
  }
}

/** Bytes of a name, and of a text in a header, which has two bytes for its size. */
const LONGEST_TEXT = 0x10000;
const NO_ADDRESS = 0xffff_ffff_ffff_ffffn;

function outside(): PhrasedError {
  return new PhrasedError(phrase('It is damaged, or not whole: a part is outside of the file.'));
}
