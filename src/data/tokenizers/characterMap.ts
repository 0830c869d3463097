/**
 * Replacements of SentencePiece for characters and short groups of them (`precompiled_charsmap`): a double-array trie over
 * UTF-8, as of https://github.com/s-yata/darts-clone, whose values are places in a block of texts that end with a zero.
 */
export class CharacterMap {
  readonly #units: Uint32Array;
  readonly #texts: Uint8Array;

  /** @throws RangeError for content that is damaged */
  static fromBase64(content: string): CharacterMap {
    return new CharacterMap(Uint8Array.from(atob(content), (character) => character.charCodeAt(0)));
  }

  /** @param bytes size of the trie in bytes, its units, and the texts; all numbers are little-endian */
  constructor(bytes: Uint8Array) {
    const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const size = data.getUint32(0, true);
    if (size === 0 || size % UNIT !== 0 || size > bytes.length - UNIT) throw new RangeError('trie');
    this.#units = Uint32Array.from({ length: size / UNIT }, (_, at) => data.getUint32(UNIT * (at + 1), true));
    this.#texts = bytes.subarray(UNIT + size);
    if (this.#texts.length > 0 && this.#texts.at(-1) !== 0) throw new RangeError('texts');
  }

  /**
   * Replacement for the shortest beginning of a text that has one, as SentencePiece models are read by the package
   * `tokenizers`.
   */
  get(text: string): string | undefined {
    let node = 0;
    let unit = this.#units[0]!;
    node ^= offsetOf(unit);
    for (const byte of ENCODER.encode(text)) {
      if (byte === 0) return undefined;
      node ^= byte;
      unit = this.#units[node] ?? 0;
      if ((unit & LABEL) !== byte) return undefined;
      node ^= offsetOf(unit);
      if ((unit & HAS_LEAF) !== 0) return this.#textAt((this.#units[node] ?? LARGEST_VALUE) & LARGEST_VALUE);
    }
    return undefined;
  }

  #textAt(start: number): string | undefined {
    const end = this.#texts.indexOf(0, start);
    return end === -1 ? undefined : new TextDecoder().decode(this.#texts.subarray(start, end));
  }
}

const ENCODER = new TextEncoder();
/** Bytes of a unit of the trie. */
const UNIT = 4;
const HAS_LEAF = 0x100;
/** The byte of a unit, with the bit that marks values, which have none. */
const LABEL = 0x800000ff | 0;
const LARGEST_VALUE = 0x7fffffff;

/** Distance to the units of the next bytes: 21 bits, or 29 with the low 8 left out. */
function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}
