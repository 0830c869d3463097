import { joinBytes, utf8 } from '../../format/bytes.ts';

/**
 * Writes arrays of float32 as HDF5, in the form that h5py writes by default: version 0 of the file, and groups with one
 * table of symbols each. The same arrays make the same bytes.
 */

/** An array to write. */
export interface Hdf5Array {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

interface Group {
  readonly groups: Map<string, Group>;
  readonly arrays: Map<string, Hdf5Array>;
}

const NO_ADDRESS = 0xffff_ffff_ffff_ffffn;
/** Half of the children of a node of a tree of tables. */
const NODE_CHILDREN = 16;
const SUPERBLOCK_BYTES = 96;
const ENTRY_BYTES = 40;
const FREE = 1n;

/** @param arrays arrays by their paths, such as `layers/dense/vars/0`; a path of a group ends with `/` */
export function writeHdf5(arrays: ReadonlyMap<string, Hdf5Array | null>): Uint8Array<ArrayBuffer> {
  const root = tree(arrays);
  const writer = new Hdf5Writer(largestGroup(root));
  return writer.write(root);
}

function tree(arrays: ReadonlyMap<string, Hdf5Array | null>): Group {
  const root: Group = { groups: new Map(), arrays: new Map() };
  for (const [path, array] of arrays) {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    let group = root;
    for (const part of parts) {
      const next = group.groups.get(part) ?? { groups: new Map(), arrays: new Map() };
      group.groups.set(part, next);
      group = next;
    }
    if (array) group.arrays.set(name, array);
  }
  return root;
}

function largestGroup({ groups, arrays }: Group): number {
  return Math.max(groups.size + arrays.size, ...[...groups.values()].map(largestGroup));
}

/** A group as its parent refers to it. */
interface Written {
  readonly header: number;
  readonly tree: number;
  readonly heap: number;
}

class Hdf5Writer {
  readonly #pieces: Uint8Array[] = [];
  /** Half of the entries of a table of symbols. */
  readonly #half: number;
  #at = SUPERBLOCK_BYTES;

  constructor(largestGroup: number) {
    this.#half = Math.max(4, Math.ceil(largestGroup / 2));
  }

  write(root: Group): Uint8Array<ArrayBuffer> {
    const written = this.#group(root);
    return joinBytes([this.#superblock(written), ...this.#pieces]);
  }

  /** Appends a piece at a multiple of 8. @returns its address */
  #add(piece: Uint8Array): number {
    const address = this.#at;
    const padding = (8 - (piece.length % 8)) % 8;
    this.#pieces.push(piece, new Uint8Array(padding));
    this.#at += piece.length + padding;
    return address;
  }

  #superblock({ header, tree: node, heap }: Written): Uint8Array {
    const block = new Fields(SUPERBLOCK_BYTES)
      .bytes([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a])
      // Versions, then the widths of addresses and sizes.
      .bytes([0, 0, 0, 0, 0, 8, 8, 0])
      .u16(this.#half, NODE_CHILDREN)
      .u32(0)
      .u64(0n, NO_ADDRESS, BigInt(this.#at), NO_ADDRESS);
    return block.u64(0n, BigInt(header)).u32(CACHED_GROUP, 0).u64(BigInt(node), BigInt(heap)).all;
  }

  #group({ groups, arrays }: Group): Written {
    const entries = [
      ...[...groups].map(([name, group]) => ({ name: utf8(name), written: this.#group(group) })),
      ...[...arrays].map(([name, array]) => ({ name: utf8(name), written: this.#dataset(array) })),
    ].sort((a, b) => compared(a.name, b.name));
    const offsets: number[] = [];
    // The empty name is that of the first key of the tree.
    let size = 8;
    for (const { name } of entries) {
      offsets.push(size);
      size += Math.ceil((name.length + 1) / 8) * 8;
    }
    const names = new Uint8Array(size);
    entries.forEach(({ name }, at) => {
      names.set(name, offsets[at]);
    });
    const data = this.#add(names);
    const heap = this.#add(new Fields(32).text('HEAP').bytes([0, 0, 0, 0]).u64(BigInt(size), FREE, BigInt(data)).all);
    const table = new Fields(8 + 2 * this.#half * ENTRY_BYTES).text('SNOD').bytes([1, 0]).u16(entries.length);
    entries.forEach(({ written }, at) => {
      table.u64(BigInt(offsets[at] ?? 0));
      if (typeof written === 'number') table.u64(BigInt(written)).u32(0, 0).u64(0n, 0n);
      else table.u64(BigInt(written.header)).u32(CACHED_GROUP, 0).u64(BigInt(written.tree), BigInt(written.heap));
    });
    const node = new Fields(24 + 16 * NODE_CHILDREN * 2 + 8)
      .text('TREE')
      .bytes([0, 0])
      .u16(entries.length === 0 ? 0 : 1)
      .u64(NO_ADDRESS, NO_ADDRESS, 0n);
    if (entries.length > 0) node.u64(BigInt(this.#add(table.all)), BigInt(offsets.at(-1) ?? 0));
    const written = { tree: this.#add(node.all), heap };
    const message = new Fields(16).u64(BigInt(written.tree), BigInt(heap)).all;
    return { ...written, header: this.#header([[0x11, message]]) };
  }

  #dataset({ shape, values }: Hdf5Array): number {
    // The numbers are little-endian in the file, as in memory.
    const data = values.length === 0 ? undefined : this.#add(new Uint8Array(values.slice().buffer));
    const space = new Fields(8 + 8 * shape.length).bytes([1, shape.length, 0, 0, 0, 0, 0, 0]);
    for (const size of shape) space.u64(BigInt(size));
    return this.#header([
      [0x01, space.all],
      [0x03, FLOAT32],
      // No value for what is not written; space is taken early.
      [0x05, Uint8Array.of(2, 1, 2, 0)],
      [
        0x08,
        new Fields(24).bytes([3, 1]).u64(data === undefined ? NO_ADDRESS : BigInt(data), BigInt(4 * values.length)).all,
      ],
    ]);
  }

  /** The header of an object with messages. @returns its address */
  #header(messages: readonly (readonly [type: number, content: Uint8Array])[]): number {
    const pieces = messages.flatMap(([type, content]) => {
      const padding = new Uint8Array((8 - (content.length % 8)) % 8);
      return [new Fields(8).u16(type, content.length + padding.length).all, content, padding];
    });
    const body = joinBytes(pieces);
    const start = new Fields(16).bytes([1, 0]).u16(messages.length).u32(1, body.length).all;
    return this.#add(joinBytes([start, body]));
  }
}

/** Marks a symbol whose entry has the addresses of its group. */
const CACHED_GROUP = 1;

/** The type of little-endian numbers of IEEE 754 with 32 bits. */
const FLOAT32 = Uint8Array.of(...[0x11, 0x20, 0x1f, 0, 4, 0, 0, 0], ...[0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0]);

/** Names are in the order of their bytes. */
function compared(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) return a[at]! - b[at]!;
  return a.length - b.length;
}

/** Little-endian numbers one after another, with zeros after the last. */
class Fields {
  readonly all: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: number) {
    this.all = new Uint8Array(bytes);
    this.#view = new DataView(this.all.buffer);
  }

  bytes(values: readonly number[]): this {
    this.all.set(values, this.#at);
    this.#at += values.length;
    return this;
  }

  text(value: string): this {
    return this.bytes([...utf8(value)]);
  }

  u16(...values: readonly number[]): this {
    for (const value of values) {
      this.#view.setUint16(this.#at, value, true);
      this.#at += 2;
    }
    return this;
  }

  u32(...values: readonly number[]): this {
    for (const value of values) {
      this.#view.setUint32(this.#at, value, true);
      this.#at += 4;
    }
    return this;
  }

  u64(...values: readonly bigint[]): this {
    for (const value of values) {
      this.#view.setBigUint64(this.#at, value, true);
      this.#at += 8;
    }
    return this;
  }
}
