/** Checks of the pages of a Parquet file, whose numbers of values decide about memory before the values are read. */

/** Length of a page, unpacked, that any packed size may have. */
const ALWAYS_ALLOWED = 2 ** 22;
/** Most bytes of a longer page for each packed byte: zstd packs equal values about so. */
const LARGEST_RATIO = 45_000;
/** Longest page. */
const LONGEST = 2 ** 31;
const [DATA, , DICTIONARY, DATA_2] = [0, 1, 2, 3];

/**
 * @param ratio most bytes, unpacked, of a packed one
 * @throws Error for a page that is longer than its packed size makes plausible
 */
export function assertPageSize(packed: number, unpacked: number, ratio = LARGEST_RATIO): void {
  if (unpacked < 0 || unpacked > LONGEST || (unpacked > ALWAYS_ALLOWED && unpacked > ratio * packed))
    throw new Error(`A page of ${packed} bytes claims to have ${unpacked}, unpacked.`);
}

/**
 * Checks the headers of the pages of a chunk.
 * @param values number of values by the footer
 * @throws Error for pages that leave the chunk, and for more values than the footer says
 */
export function assertPages(bytes: Uint8Array, values: number): void {
  const reader = new CompactReader(bytes);
  let count = 0;
  while (count < values && reader.at < bytes.length) {
    const header = reader.struct(0);
    const [type, unpacked, packed] = [numberIn(header, 1), numberIn(header, 2), numberIn(header, 3)];
    if (packed < 0 || reader.at + packed > bytes.length) throw new Error('A page leaves its column.');
    assertPageSize(packed, unpacked);
    const inside = header.get({ [DATA]: 5, [DICTIONARY]: 7, [DATA_2]: 8 }[type] ?? 0);
    const own = inside instanceof Map ? numberIn(inside, 1) : 0;
    if (own < 0 || (type === DICTIONARY && own > 8 * unpacked + 8)) throw new Error('A page has too many values.');
    if (type === DATA || type === DATA_2) count += own;
    if (count > values) throw new Error('The pages of a column have more values than the footer says.');
    reader.at += packed;
  }
}

type Struct = Map<number, number | Struct>;

function numberIn(struct: Struct, field: number): number {
  const value = struct.get(field);
  return typeof value === 'number' ? value : 0;
}

const DEEPEST = 16;

/** Reads the numbers of structs in the compact protocol of Thrift, and skips everything else. */
class CompactReader {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  struct(depth: number): Struct {
    if (depth > DEEPEST) throw new Error('A header is nested too deeply.');
    const fields: Struct = new Map();
    let id = 0;
    for (let head = this.#byte(); head !== 0; head = this.#byte()) {
      id = head >> 4 ? id + (head >> 4) : this.#zigzag();
      const value = this.#value(head & 15, depth);
      if (value !== undefined) fields.set(id, value);
    }
    return fields;
  }

  #value(type: number, depth: number, isElement = false): number | Struct | undefined {
    switch (type) {
      case 1:
      case 2:
        if (isElement) this.at++;
        return undefined;
      case 3:
        this.at++;
        return undefined;
      case 4:
      case 5:
      case 6:
        return this.#zigzag();
      case 7:
        this.at += 8;
        return undefined;
      case 8: {
        const length = this.#varint();
        this.at += length;
        return undefined;
      }
      case 9:
      case 10: {
        const head = this.#byte();
        const size = head >> 4 === 15 ? this.#varint() : head >> 4;
        if (size > this.#bytes.length) throw new Error('A header has a list without end.');
        for (let i = 0; i < size; i++) this.#value(head & 15, depth + 1, true);
        return undefined;
      }
      case 12:
        return this.struct(depth + 1);
      default:
        throw new Error(`A header has a field of the unknown type ${type}.`);
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw new Error('A header of a page is cut off.');
    return byte;
  }

  #varint(): number {
    let [value, factor] = [0, 1];
    for (let byte = this.#byte(); ; byte = this.#byte()) {
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
      if (factor > 2 ** 63) throw new Error('A number of a header is too long.');
    }
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
