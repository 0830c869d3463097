/**
 * Checks the structure of Arrow data before a library reads it, which trusts lengths and places: the messages follow each
 * other, and no list of their tables leaves its buffer. Tables are FlatBuffers (https://flatbuffers.dev/internals/), and
 * their fields those of the Arrow format (https://arrow.apache.org/docs/format/Columnar.html).
 */

const MAGIC = 'ARROW1';
/** Tables of a message, which may name each other again and again. */
const MOST_TABLES = 200_000;
const DEEPEST = 64;

/**
 * What a field of a table holds: a table, a list with the bytes of an element, a list of tables, or a table of the type that
 * the field before it says.
 */
type Field =
  | { readonly table: () => Shape }
  | { readonly list: number }
  | { readonly tables: () => Shape }
  | { readonly byType: Readonly<Record<number, Shape>> };

/** Fields of a table by their number; others hold nothing that has a length. */
type Shape = Readonly<Record<number, Field>>;

const KEY_VALUE: Shape = { 0: { list: 1 }, 1: { list: 1 } };
/** Lists of the tables of types: the zone of times, and the numbers of a union. */
const TYPES: Readonly<Record<number, Shape>> = { 10: { 1: { list: 1 } }, 14: { 1: { list: 4 } } };
const FIELD: Shape = {
  0: { list: 1 },
  3: { byType: TYPES },
  5: { tables: () => FIELD },
  6: { tables: () => KEY_VALUE },
};
const SCHEMA: Shape = { 1: { tables: () => FIELD }, 2: { tables: () => KEY_VALUE }, 3: { list: 8 } };
const RECORD_BATCH: Shape = { 1: { list: 16 }, 2: { list: 16 }, 4: { list: 8 } };
const DICTIONARY_BATCH: Shape = { 1: { table: () => RECORD_BATCH } };
const FOOTER: Shape = {
  1: { table: () => SCHEMA },
  2: { list: 24 },
  3: { list: 24 },
  4: { tables: () => KEY_VALUE },
};
/** Table of a message by the type of its header. */
const HEADERS: Readonly<Record<number, Shape>> = { 1: SCHEMA, 2: DICTIONARY_BATCH, 3: RECORD_BATCH };

/** A FlatBuffer whose places are checked. */
class FlatBuffer {
  readonly #view: DataView;
  #tables = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  int(at: number): number {
    return this.#view.getInt32(at, true);
  }

  byte(at: number): number {
    return this.#view.getUint8(at);
  }

  long(at: number): number {
    return Number(this.#view.getBigInt64(at, true));
  }

  /** Places of the fields of the table that a place refers to; 0 for one that it lacks. */
  table(reference: number): (field: number) => number {
    if (++this.#tables > MOST_TABLES) throw new Error('A message has too many tables.');
    const start = reference + this.int(reference);
    const fields = start - this.int(start);
    const size = this.#view.getUint16(fields, true);
    return (field) => {
      const entry = 4 + 2 * field;
      const offset = entry + 2 <= size ? this.#view.getUint16(fields + entry, true) : 0;
      return offset === 0 ? 0 : start + offset;
    };
  }

  /** Start and length of the list that a place refers to. */
  list(reference: number, bytes: number): readonly [start: number, length: number] {
    const at = reference + this.int(reference);
    const length = this.int(at);
    if (length < 0 || at + 4 + length * bytes > this.#view.byteLength) throw new Error('A list leaves its message.');
    return [at + 4, length];
  }

  /** @throws Error if a list of the table, or of one in it, leaves the buffer */
  check(reference: number, shape: Shape, depth = 0): void {
    if (depth > DEEPEST) throw new Error('The tables of a message are nested too deeply.');
    const field = this.table(reference);
    for (const [number, each] of Object.entries(shape)) {
      const at = field(Number(number));
      if (at === 0) continue;
      if ('byType' in each) this.check(at, each.byType[this.byte(field(Number(number) - 1))] ?? {}, depth + 1);
      else if ('table' in each) this.check(at, each.table(), depth + 1);
      else if ('list' in each) this.list(at, each.list);
      else {
        const [start, length] = this.list(at, 4);
        for (let place = 0; place < length; place++) this.check(start + 4 * place, each.tables(), depth + 1);
      }
    }
  }
}

/**
 * Checks the structure of a file or a stream of Arrow.
 * @throws Error or RangeError for messages that do not follow each other, and lists and places that leave their message
 */
export function checkArrow(bytes: Uint8Array): void {
  if (firstMessage(bytes) === 0) {
    for (let at = 0; at < bytes.length;) {
      const next = checkMessage(bytes, at);
      if (next === undefined) return;
      at = next;
    }
    return;
  }
  const whole = new FlatBuffer(bytes);
  const end = bytes.length - MAGIC.length - 4;
  const start = end - whole.int(end);
  if (start < MAGIC.length || start > end) throw new Error('The footer is outside of the file.');
  // The reader follows the places of the footer in the whole file.
  whole.check(start, FOOTER);
  const footer = whole.table(start);
  for (const field of [2, 3]) {
    const at = footer(field);
    const [first, length] = at === 0 ? [0, 0] : whole.list(at, 24);
    for (let block = 0; block < length; block++) {
      const place = whole.long(first + 24 * block);
      if (place < 0 || place >= bytes.length) throw new Error('A block is outside of the file.');
      checkMessage(bytes, place);
    }
  }
}

/** The head of a message of a file or a stream. */
export interface ArrowMessage {
  /** Bytes of its body. */
  readonly body: number;
  /** Rows of a record batch; 0 for other messages. */
  readonly rows: number;
}

/** Place of the first message: a file begins with a mark. */
export function firstMessage(bytes: Uint8Array): number {
  return new TextDecoder('latin1').decode(bytes.subarray(0, MAGIC.length)) === MAGIC ? 8 : 0;
}

/** Number of bytes from the beginning of a message to that of its body; undefined at the end of the stream. */
export function headLength(bytes: Uint8Array): number | undefined {
  const found = tableAt(bytes, 0);
  return found && found.length > 0 ? found.start + found.length : undefined;
}

/** Reads the head of a message. @throws Error or RangeError for a damaged one */
export function messageOf(head: Uint8Array): ArrowMessage {
  const message = new FlatBuffer(head.subarray(tableAt(head, 0)?.start));
  const { shape, header, body } = partsOf(message);
  const rows = shape === RECORD_BATCH && header !== 0 ? message.table(header)(0) : 0;
  return { body, rows: rows === 0 ? 0 : message.long(rows) };
}

/** Start and number of bytes of the table of a message, which may be negative; undefined at the end of the stream. */
function tableAt(bytes: Uint8Array, at: number): { readonly start: number; readonly length: number } | undefined {
  const whole = new FlatBuffer(bytes);
  // Older streams have no mark before the length.
  const isMarked = at + 4 <= bytes.length && whole.int(at) === -1;
  const start = isMarked ? at + 8 : at + 4;
  const length = start > bytes.length ? 0 : whole.int(start - 4);
  return length === 0 ? undefined : { start, length };
}

/** Parts of a message: the place of its header, which may be 0, the shape of that, and the bytes of its body. */
function partsOf(message: FlatBuffer): {
  readonly shape: Shape | undefined;
  readonly header: number;
  readonly body: number;
} {
  const field = message.table(0);
  const [type, header, body] = [field(1), field(2), field(3)];
  const shape = type === 0 ? undefined : HEADERS[message.byte(type)];
  return { shape, header, body: body === 0 ? 0 : message.long(body) };
}

/** @returns the place after a message; undefined at the end of the stream */
function checkMessage(bytes: Uint8Array, at: number): number | undefined {
  const found = tableAt(bytes, at);
  if (!found) return undefined;
  const { start, length } = found;
  if (length < 0 || start + length > bytes.length) throw new Error('A message leaves the file.');
  const message = new FlatBuffer(bytes.subarray(start, start + length));
  const { shape, header, body } = partsOf(message);
  if (body < 0 || start + length + body > bytes.length) throw new Error('A message leaves the file.');
  if (header !== 0 && shape) {
    message.check(header, shape);
    const batch = shape === DICTIONARY_BATCH ? message.table(header)(1) : shape === RECORD_BATCH ? header : 0;
    if (batch !== 0) checkVariadic(message, batch);
  }
  return start + length + body;
}

/** @throws Error if the columns of a batch claim more buffers than it has */
function checkVariadic(message: FlatBuffer, batch: number): void {
  const field = message.table(batch);
  const [buffers, counts] = [field(2), field(4)];
  if (counts === 0) return;
  const [start, length] = message.list(counts, 8);
  const most = buffers === 0 ? 0 : message.list(buffers, 16)[1];
  for (let place = 0; place < length; place++) {
    const count = message.long(start + 8 * place);
    if (count < 0 || count > most) throw new Error('A column claims more buffers than there are.');
  }
}
