import { unzipSync } from 'fflate';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../../scripts/lib/paths.ts';
import { Archive } from '../../src/data/packed/archive.ts';
import { byteFile } from '../../src/data/packed/byteFile.ts';
import { RawBytes, unpacked } from '../../src/data/packed/gzip.ts';
import { packedKind } from '../../src/data/packed/packedKind.ts';
import { packedTable } from '../../src/data/table/packedTable.ts';
import type { PackedFormat } from '../../src/data/packed/packedKind.ts';
import { storedZip } from '../../src/format/storedZip.ts';
import type { Target } from './targets.ts';

const FOLDER = join(root, 'test', 'fixtures', 'packed');

/** The readers of data that are not text: files of other programs, and the parts of those that are archives. */
export function packedTargets(): Target[] {
  const files = readdirSync(FOLDER).map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(FOLDER, name))) }));
  const ending = (...endings: string[]) =>
    files.filter(({ name }) => endings.some((each) => name.endsWith(each))).map(({ bytes }) => bytes);
  const table = (format: PackedFormat, seeds: readonly Uint8Array[]): Target => ({
    name: format,
    seeds,
    names: true,
    read: async (input, name) => packedTable({ file: byteFile(name, input), format }),
  });
  const [book = new Uint8Array()] = ending('.xlsx');
  const parts = unzipSync(book);
  const part = (name: string): Target => ({
    name: `part of a workbook: ${name}`,
    seeds: [parts[name] ?? new Uint8Array()],
    names: true,
    read: async (input, named) =>
      packedTable({
        file: byteFile(named, storedZip(new Map(Object.entries({ ...parts, [name]: input }))) ?? input),
        format: 'xlsx',
      }),
  });
  return [
    table('parquet', ending('.parquet')),
    table('arrow', ending('.arrow', '.arrows')),
    table('xlsx', [book]),
    ...Object.keys(parts)
      .filter((name) => name.startsWith('xl/') && !name.includes('theme'))
      .map(part),
    table('numpy', ending('.npy', '.npz')),
    {
      name: 'ZIP',
      seeds: ending('.zip'),
      names: true,
      async read(input, name) {
        const archive = await Archive.open(byteFile(name, input));
        for (const entry of archive.entries) await archive.read(entry);
      },
    },
    {
      name: 'gzip',
      seeds: [...ending('.gz'), gzipSync('a,b\n'.repeat(1000))],
      names: true,
      async read(input, name) {
        for await (const chunk of unpacked(byteFile(name, input), new RawBytes())) void chunk.length;
      },
    },
    {
      name: 'kind of a file',
      seeds: files.map(({ bytes }) => bytes),
      names: true,
      read: async (input, name) => packedKind(byteFile(name, input)),
    },
  ];
}
