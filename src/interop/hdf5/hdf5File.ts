import { unzlibSync } from 'fflate';
import { textOf, UnusableError } from '../../phrases/causes.ts';
import { phrase, PhrasedError, type Text } from '../../phrases/phrase.ts';
import { floatTypes } from '../floatTypes.ts';
import { mostUnpacked } from '../zip.ts';
import { ByteReader } from './byteReader.ts';
import { readDatatype, type Datatype, valueBytes } from './datatype.ts';
import { type Chunked, type DataPlace, type Filter, readFilters, readPlace } from './layout.ts';
import { headerMessages, type Message, MESSAGES } from './objectHeader.ts';

/**
 * Reads files of HDF5 with the structures that h5py writes by default and those of its new format that need no heap:
 * groups, datasets (whole, or in chunks with a B-tree), deflate, shuffle, and attributes that are texts. Files are
 * untrusted: every address and size is checked, and the number of objects and of bytes is bounded.
 * Specification: https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
 */

/** Objects, messages and entries of a file that are read. */
const MOST_STEPS = 500_000;
const DEEPEST = 40;
/** An address that is not set. */
const UNDEFINED = 0xffff_ffff_ffff_ffffn;

/** An array of a file. Its values are read on demand. */
export interface Hdf5Dataset {
  readonly path: string;
  readonly shape: readonly number[];
  /** The values as float32. @throws UnusableError for values that are no floating-point numbers, or not within the file */
  readonly read: () => Float32Array;
}

/** True for the first bytes of a file of HDF5. */
export function isHdf5(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, at) => bytes[at] === byte);
}

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** The datasets and the texts of a file. */
export class Hdf5File {
  /** Datasets by their paths, such as `layers/dense/vars/0`. */
  readonly datasets = new Map<string, Hdf5Dataset>();
  readonly #bytes: Uint8Array;
  readonly #name: string;
  /** Texts by the paths of the groups and datasets that they are about, and their names. */
  readonly #texts = new Map<string, string>();
  readonly #most: number;
  /** The datasets below each group. */
  readonly #below = new Map<string, Hdf5Dataset[]>();
  #steps = 0;
  #unpacked = 0;

  /**
   * @param name name of the file, for errors
   * @throws UnusableError for a file that is damaged, or that has structures that are not known
   */
  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes;
    this.#name = name;
    this.#most = mostUnpacked(bytes.length);
    this.#guarded(() => {
      this.#visit(rootAddress(bytes), []);
    });
  }

  /** A text about a group or dataset; undefined if there is none. @param path empty for the file as a whole */
  text(path: string, name: string): string | undefined {
    return this.#texts.get(`${path}\0${name}`);
  }

  /** Whether there is a group or a dataset below a path. */
  has(path: string): boolean {
    return this.datasets.has(path) || this.#below.has(path);
  }

  /** The datasets below a group, in the order of the file. */
  below(path: string): readonly Hdf5Dataset[] {
    return this.#below.get(path) ?? [];
  }

  #guarded<Result>(read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      if (error instanceof UnusableError) throw error;
      throw new UnusableError(phrase('"{0}" cannot be read as HDF5. {1}', this.#name, textOf(error)), { cause: error });
    }
  }

  /** Bounds the time that a file takes, whose parts may refer to each other. */
  #count(steps = 1): void {
    this.#steps += steps;
    if (this.#steps > MOST_STEPS)
      throw new PhrasedError(phrase('It has more than {0} objects and entries.', MOST_STEPS));
  }

  #visit(address: number, path: readonly string[]): void {
    this.#count();
    if (path.length > DEEPEST) throw new PhrasedError(phrase('It is nested too deeply.'));
    const messages = headerMessages(new ByteReader(this.#bytes), address);
    this.#count(messages.length);
    const own = path.join('/');
    const dataspace = messages.find(({ type }) => type === MESSAGES.dataspace);
    const layout = messages.find(({ type }) => type === MESSAGES.layout);
    this.#readTexts(messages, own);
    if (dataspace && layout) {
      this.#addDataset(own, messages, dataspace, layout);
      return;
    }
    for (const [name, child] of this.#children(messages)) {
      if (name === '' || name.includes('/') || name === '..') throw damaged();
      this.#visit(child, [...path, name]);
    }
  }

  #children(messages: readonly Message[]): (readonly [name: string, address: number])[] {
    return messages.flatMap((message) => {
      const reader = message.reader();
      if (message.type === MESSAGES.symbolTable) return this.#tableEntries(reader.address(), reader.address());
      if (message.type === MESSAGES.link) return [linkOf(reader)];
      if (message.type === MESSAGES.linkInfo) refuseDenseLinks(reader);
      return [];
    });
  }

  /** Links of a group of the first format: a B-tree of tables of symbols, with their names in a heap. */
  #tableEntries(tree: number, heap: number): (readonly [name: string, address: number])[] {
    const local = new ByteReader(this.#bytes, heap);
    local.signature('HEAP');
    local.skip(4);
    const size = local.length();
    local.skip(8);
    const names = new ByteReader(this.#bytes, local.address()).part(size);
    const tables: number[] = [];
    const note = (reader: ByteReader) => {
      reader.skip(8);
      tables.push(reader.address());
    };
    this.#eachLeaf(tree, GROUPS, { each: note, keyBytes: 8 });
    return tables.flatMap((table) => {
      const reader = new ByteReader(this.#bytes, table);
      reader.signature('SNOD');
      reader.skip(2);
      return Array.from({ length: reader.u16() }, (): readonly [string, number] => {
        this.#count();
        const name = names.at(reader.length()).zeroTerminated();
        const address = reader.addressOrNone();
        const kind = reader.u32();
        reader.skip(20);
        if (kind === SOFT_LINK || address === undefined) throw linked(name);
        return [name, address];
      });
    });
  }

  /** Calls back for each entry of the leaves of a B-tree, with a reader at its key. */
  #eachLeaf(address: number, kind: number, visit: Visit, level?: number): void {
    this.#count();
    const reader = new ByteReader(this.#bytes, address);
    reader.signature('TREE');
    if (reader.u8() !== kind) throw damaged();
    const own = reader.u8();
    if (level !== undefined && own !== level) throw damaged();
    const entries = reader.u16();
    reader.skip(16);
    for (let entry = 0; entry < entries; entry++) {
      this.#count();
      const here = reader.part(visit.keyBytes + 8);
      if (own === 0) {
        visit.each(here);
        continue;
      }
      here.skip(visit.keyBytes);
      this.#eachLeaf(here.address(), kind, visit, own - 1);
    }
  }

  #readTexts(messages: readonly Message[], path: string): void {
    for (const message of messages) {
      if (message.type !== MESSAGES.attribute) continue;
      const found = this.#textOf(message.reader());
      if (found) this.#texts.set(`${path}\0${found.name}`, found.text);
    }
  }

  /** An attribute that is one text; undefined for others. */
  #textOf(reader: ByteReader): { readonly name: string; readonly text: string } | undefined {
    const version = reader.u8();
    if (version < 1 || version > 3) throw unknownVersion(phrase('an attribute'), version);
    const flags = reader.u8();
    const [nameSize, typeSize, spaceSize] = [reader.u16(), reader.u16(), reader.u16()];
    if (version === 3) reader.skip(1);
    const padded = (size: number) => (version === 1 ? Math.ceil(size / 8) * 8 : size);
    const name = reader.part(padded(nameSize)).zeroTerminated();
    const typePart = reader.part(padded(typeSize));
    const spacePart = reader.part(padded(spaceSize));
    // Types that several objects share.
    if (version > 1 && flags !== 0) return undefined;
    const shape = shapeOf(spacePart);
    if (shape?.some((size) => size !== 1)) return undefined;
    const type = readDatatype(typePart);
    if (type.kind === 'text') return { name, text: reader.part(type.bytes).zeroTerminated() };
    if (type.kind !== 'long text') return undefined;
    const length = reader.u32();
    const heap = reader.addressOrNone();
    const text = heap === undefined ? '' : this.#heapText(heap, reader.u32(), length);
    return { name, text };
  }

  /** A text in a global heap. */
  #heapText(address: number, index: number, length: number): string {
    const start = new ByteReader(this.#bytes, address);
    start.signature('GCOL');
    start.skip(4);
    const reader = new ByteReader(this.#bytes, address).part(start.length());
    reader.skip(16);
    while (reader.left >= 16) {
      this.#count();
      const own = reader.u16();
      reader.skip(6);
      const size = reader.length();
      if (own === index) {
        if (length > size) throw damaged();
        return reader.part(length).text();
      }
      // The object 0 is the space that is left.
      if (own === 0) break;
      reader.skip(Math.ceil(size / 8) * 8);
    }
    throw damaged();
  }

  #addDataset(path: string, messages: readonly Message[], dataspace: Message, layout: Message): void {
    const shape = shapeOf(dataspace.reader());
    const typeMessage = messages.find(({ type }) => type === MESSAGES.datatype);
    if (!shape || !typeMessage) return;
    const filters = messages.find(({ type }) => type === MESSAGES.filters);
    const isExternal = messages.some(({ type }) => type === MESSAGES.external);
    const read = () =>
      this.#guarded(() => {
        if (isExternal) throw linked(path);
        if (typeMessage.isShared) throw unreadable(path);
        const type = readDatatype(typeMessage.reader());
        const isBfloat = this.text(path, 'dtype') === 'bfloat16' && type.kind === 'other' && type.bytes === 2;
        const float: Datatype = isBfloat ? { kind: 'float', type: 'bfloat16', bytes: 2, bigEndian: false } : type;
        if (float.kind !== 'float') throw unreadable(path);
        const bytes = this.#values(
          path,
          { shape, bytesPerValue: float.bytes },
          readPlace(layout.reader()),
          filters ? readFilters(filters.reader()) : [],
        );
        return floatTypes[float.type].read(valueBytes(bytes, float));
      });
    const dataset = { path, shape, read };
    this.datasets.set(path, dataset);
    for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
      const group = path.slice(0, end);
      const others = this.#below.get(group);
      if (others) others.push(dataset);
      else this.#below.set(group, [dataset]);
    }
  }

  #values(path: string, size: Size, place: DataPlace, filters: readonly Filter[]): Uint8Array {
    const bytes = size.shape.reduce((product, each) => product * each, size.bytesPerValue);
    this.#take(bytes);
    switch (place.kind) {
      case 'compact':
        return place.values.part(bytes).bytes();
      case 'contiguous':
        // Space that was never written.
        if (place.address === undefined) return new Uint8Array(bytes);
        return new ByteReader(this.#bytes, place.address).part(bytes).bytes();
      case 'chunked':
        if (place.address === undefined) return new Uint8Array(bytes);
        return this.#chunks(path, size, place, filters);
    }
  }

  #take(bytes: number): void {
    this.#unpacked += bytes;
    if (!(this.#unpacked <= this.#most))
      throw new PhrasedError(phrase('It would have more than {0} bytes, unpacked.', this.#most));
  }

  #chunks(path: string, { shape, bytesPerValue }: Size, { address, chunk }: Chunked, filters: readonly Filter[]) {
    if (chunk.length !== shape.length || shape.length === 0 || address === undefined) throw damaged();
    const chunkBytes = chunk.reduce((product, each) => product * each, bytesPerValue);
    const values = new Uint8Array(shape.reduce((product, each) => product * each, bytesPerValue));
    const keyBytes = 8 + 8 * (chunk.length + 1);
    const copy = (reader: ByteReader) => {
      this.#take(chunkBytes);
      const stored = reader.u32();
      const mask = reader.u32();
      const offsets = chunk.map(() => reader.length());
      reader.skip(8);
      const packed = new ByteReader(this.#bytes, reader.address()).part(stored).bytes();
      const unpacked = unfiltered(packed, { filters, mask, chunkBytes, bytesPerValue, path });
      if (offsets.some((offset, axis) => offset % chunk[axis]! !== 0)) throw damaged();
      copyChunk(unpacked, values, { shape, chunk, offsets, bytesPerValue });
    };
    this.#eachLeaf(address, CHUNKS, { each: copy, keyBytes });
    return values;
  }
}

/** Kinds of B-trees. */
const [GROUPS, CHUNKS] = [0, 1] as const;

interface Visit {
  readonly each: (reader: ByteReader) => void;
  readonly keyBytes: number;
}

interface Size {
  readonly shape: readonly number[];
  readonly bytesPerValue: number;
}

/** Address of the header of the root group. */
function rootAddress(bytes: Uint8Array): number {
  if (!isHdf5(bytes)) throw new PhrasedError(phrase('It does not begin as a file of HDF5 does.'));
  const reader = new ByteReader(bytes, SIGNATURE.length);
  const version = reader.u8();
  if (version > 3) throw unknownVersion(phrase('the file'), version);
  if (version >= 2) {
    checkWidths(reader);
    reader.skip(1 + 24);
    return reader.address();
  }
  reader.skip(4);
  checkWidths(reader);
  // Reserved, sizes of the nodes of trees, flags, and the addresses of the file itself.
  reader.skip(1 + 4 + 4 + (version === 1 ? 4 : 0) + 32);
  reader.skip(8);
  return reader.address();
}

function checkWidths(reader: ByteReader): void {
  if (reader.u8() !== 8 || reader.u8() !== 8)
    throw new PhrasedError(phrase('Its addresses are not 8 bytes wide. Save it again with h5py.'));
}

/** The lengths of the axes; undefined for an empty space. */
function shapeOf(reader: ByteReader): readonly number[] | undefined {
  const version = reader.u8();
  const rank = reader.u8();
  reader.skip(1);
  if (version === 1) reader.skip(5);
  else if (version !== 2) throw unknownVersion(phrase('a dataspace'), version);
  else if (reader.u8() === NULL_SPACE) return undefined;
  return Array.from({ length: rank }, () => reader.length());
}

const NULL_SPACE = 2;
const SOFT_LINK = 2;

/** A link in the header of a group of the second format. */
function linkOf(reader: ByteReader): readonly [name: string, address: number] {
  const version = reader.u8();
  if (version !== 1) throw unknownVersion(phrase('a link'), version);
  const flags = reader.u8();
  const kind = flags & 8 ? reader.u8() : 0;
  if (flags & 4) reader.skip(8);
  if (flags & 16) reader.skip(1);
  const name = reader.part(reader.unsigned(1 << (flags & 3))).text();
  if (kind !== 0) throw linked(name);
  return [name, reader.address()];
}

/** Large groups of the second format keep their links in a heap, which is not read. */
function refuseDenseLinks(reader: ByteReader): void {
  reader.skip(1);
  const flags = reader.u8();
  if (flags & 1) reader.skip(8);
  if (reader.u64() !== UNDEFINED)
    throw new PhrasedError(
      phrase('A group keeps its links in a heap, which is not read. Save it without libver="latest".'),
    );
}

function unfiltered(packed: Uint8Array, { filters, mask, chunkBytes, bytesPerValue, path }: ChunkOptions): Uint8Array {
  let bytes = packed;
  for (const [place, { id }] of [...filters.entries()].toReversed()) {
    if (mask & (1 << place)) continue;
    switch (id) {
      case 1:
        bytes = unzlibSync(bytes, { out: new Uint8Array(chunkBytes + CHECKSUM) });
        break;
      case 2:
        bytes = unshuffled(bytes, bytesPerValue);
        break;
      case 3:
        bytes = bytes.subarray(0, Math.max(0, bytes.length - CHECKSUM));
        break;
      default:
        throw new PhrasedError(
          phrase(
            '"{0}" is compressed with the filter {1}, which is not known. Save it with gzip or without.',
            path,
            id,
          ),
        );
    }
  }
  if (bytes.length !== chunkBytes) throw damaged();
  return bytes;
}

interface ChunkOptions {
  readonly filters: readonly Filter[];
  /** Filters that were left out, as bits. */
  readonly mask: number;
  readonly chunkBytes: number;
  readonly bytesPerValue: number;
  readonly path: string;
}

/** Bytes of the checksum that fletcher32 adds. */
const CHECKSUM = 4;

/** Bytes of each value from rows with their first, second bytes, and so on. */
function unshuffled(bytes: Uint8Array, width: number): Uint8Array {
  const count = Math.floor(bytes.length / width);
  const result = new Uint8Array(bytes);
  for (let value = 0; value < count; value++)
    for (let byte = 0; byte < width; byte++) result[value * width + byte] = bytes[byte * count + value]!;
  return result;
}

/** Copies the rows of a chunk that are within the array. */
function copyChunk(
  from: Uint8Array,
  to: Uint8Array,
  {
    shape,
    chunk,
    offsets,
    bytesPerValue,
  }: Size & { readonly chunk: readonly number[]; readonly offsets: readonly number[] },
): void {
  const last = shape.length - 1;
  const columns = Math.min(chunk[last]!, shape[last]! - offsets[last]!);
  if (columns <= 0) return;
  const rows = chunk.slice(0, last).reduce((product, each) => product * each, 1);
  for (let row = 0; row < rows; row++) {
    let rest = row;
    let target = 0;
    let scale = 1;
    let isWithin = true;
    for (let axis = last - 1; axis >= 0; axis--) {
      const place = offsets[axis]! + (rest % chunk[axis]!);
      rest = Math.floor(rest / chunk[axis]!);
      isWithin &&= place < shape[axis]!;
      target += place * scale;
      scale *= shape[axis]!;
    }
    if (!isWithin) continue;
    const start = row * chunk[last]! * bytesPerValue;
    const part = from.subarray(start, start + columns * bytesPerValue);
    to.set(part, (target * shape[last]! + offsets[last]!) * bytesPerValue);
  }
}

function damaged(): PhrasedError {
  return new PhrasedError(phrase('It is damaged, or not whole.'));
}

function linked(path: string): PhrasedError {
  return new PhrasedError(phrase('"{0}" is a link to elsewhere, which is not followed.', path));
}

function unreadable(path: string): PhrasedError {
  return new PhrasedError(phrase('"{0}" has no floating-point numbers.', path));
}

function unknownVersion(what: Text, version: number): PhrasedError {
  return new PhrasedError(
    phrase('The version {0} of {1} is not known. Save it without libver="latest".', version, what),
  );
}
