import assert from 'node:assert/strict';
import {
  columnFromArray,
  type DataType,
  dictionary,
  int32,
  tableFromColumns,
  tableToIPC,
  utf8,
} from '@uwdata/flechette';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { type ByteFile, byteFile } from '../../../../src/data/packed/byteFile.ts';
import type { PackedFile } from '../../../../src/data/packed/packedKind.ts';
import { packedTable } from '../../../../src/data/table/packedTable.ts';
import { isTagged, taggedTable } from '../../../../src/data/tagged/taggedTable.ts';
import { sha256Hex } from '../../../../src/platform/hashing.ts';
import { numpyArray } from '../../../fixtures/numpyArray.ts';
import { sheetOfTexts, workbook } from '../../../fixtures/workbook.ts';
import { errorWith } from '../../../harness/facts.ts';

const ROWS = 20_000;
const WORDS = ['Ada', 'met', 'Grace', 'in', 'Turin'];
const numbers = Array.from({ length: ROWS }, (_, row) => row);

/** A file whose reads are counted. */
function counted(file: ByteFile): { readonly file: ByteFile; readonly bytes: () => number } {
  let bytes = 0;
  const read = async (start: number, end: number) => {
    const found = await file.read(start, end);
    bytes += found.length;
    return found;
  };
  return { file: { ...file, read }, bytes: () => bytes };
}

/** Rows with a list of words and one of tags, in groups of rows. */
function tokens(): Uint8Array {
  const list = (name: string) => [
    { name, repetition_type: 'OPTIONAL' as const, num_children: 1, converted_type: 'LIST' as const },
    { name: 'list', repetition_type: 'REPEATED' as const, num_children: 1 },
    {
      name: 'element',
      type: 'BYTE_ARRAY' as const,
      converted_type: 'UTF8' as const,
      repetition_type: 'OPTIONAL' as const,
    },
  ];
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: 'tokens', data: numbers.map((row) => [...WORDS, sha256Hex(String(row))]) },
      { name: 'tags', data: numbers.map(() => ['B', 'O', 'B', 'O', 'B', 'O']) },
    ],
    schema: [{ name: 'root', num_children: 2 }, ...list('tokens'), ...list('tags')],
    rowGroupSize: ROWS / 20,
  });
  return new Uint8Array(buffer);
}

/** A workbook whose rows after the first ones are damaged. */
function damagedBook(header: readonly string[]): PackedFile {
  const rows = numbers.map((row) => [`s${Math.floor(row / 5)}`, `${WORDS[row % 5]}${row}`, 'O']);
  const { sheet, texts } = sheetOfTexts([header, ...rows]);
  // Neither the rows nor the texts at the end are read.
  const bytes = workbook(`${sheet}<row><c r="A`, { texts: `${texts}<si` });
  return { file: byteFile('words.xlsx', bytes), format: 'xlsx' };
}

describe('the beginning of a table that is not text', () => {
  it('decides whether it has tagged sentences, in groups of rows', async () => {
    const { file, bytes } = counted(byteFile('tokens.parquet', tokens()));
    const packed: PackedFile = { file, format: 'parquet' };
    assert.equal(await isTagged(packed), true);
    assert.ok(bytes() < file.size / 2, `${bytes()} of ${file.size}`);
    const source = await taggedTable(packed, { kind: 'file', path: file.path });
    assert.equal(source?.kind === 'text' && source.text.split('\n').length, ROWS + 1);
    assert.ok(bytes() > file.size);
  });

  it('decides whether it has tagged sentences, in a workbook', async () => {
    const book = damagedBook(['Sentence #', 'Word', 'Tag']);
    assert.equal(await isTagged(book), true);
    assert.equal(await isTagged(damagedBook(['Number', 'Word', 'Remark'])), false);
    await assert.rejects(packedTable(book), errorWith({ name: 'InputError' }, 'words.xlsx'));
  });

  it('is all that is read and unpacked of a workbook, which may be larger than the memory for it', async () => {
    const rows = numbers.map((row) => [sha256Hex(`a${row}`), sha256Hex(`b${row}`)]);
    const { sheet, texts } = sheetOfTexts(rows);
    const { file, bytes } = counted(byteFile('hashes.xlsx', workbook(sheet, { texts })));
    const { columns, rows: read } = await packedTable({ file, format: 'xlsx' }, undefined, { limit: 10 });
    assert.deepEqual([columns.length, read.length], [2, 10]);
    assert.deepEqual(read.cellsOf(9), rows[9]);
    assert.ok(bytes() < file.size / 2, `${bytes()} of ${file.size}`);
  });

  it('has the same columns and rows as the whole, in a workbook', async () => {
    const titles = [['Words of a text'], ['']];
    const rows = numbers.slice(0, 5000).map((row) => [`text ${row % 700}`, row % 3 === 0 ? '' : `w${row}`]);
    for (const above of [[], titles])
      for (const header of [[], [['name', 'value']]]) {
        const { sheet, texts } = sheetOfTexts([...above, ...header, ...rows]);
        const packed: PackedFile = { file: byteFile('words.xlsx', workbook(sheet, { texts })), format: 'xlsx' };
        const whole = await packedTable(packed);
        for (const limit of [1, 7, 1000]) {
          const part = await packedTable(packed, undefined, { limit });
          assert.deepEqual([part.columns, part.header], [whole.columns, whole.header]);
          assert.deepEqual(part.rows.slice(0, limit), whole.rows.slice(0, limit));
          assert.equal(part.rows.length, limit);
        }
      }
  });

  describe('has the same columns and rows as the whole, and is all that is read, of', () => {
    const texts = numbers.map((row) => sha256Hex(String(row)));
    const table = (type?: DataType) =>
      tableFromColumns({
        text: columnFromArray(texts, type ?? utf8(), { maxBatchRows: 1000 }),
        number: columnFromArray(numbers, int32(), { maxBatchRows: 1000 }),
      });
    const arrow = (format: 'file' | 'stream', type?: DataType) => {
      const bytes = tableToIPC(table(type), { format });
      assert.ok(bytes);
      return bytes;
    };
    // Values that cannot be packed well.
    const waves = Array.from({ length: 20 * ROWS }, (_, at) => Math.sin(at));
    const arrays = { 'x.npy': numpyArray([ROWS, 20], waves), 'y.npy': numpyArray([ROWS], numbers) };
    const files: readonly (readonly [title: string, file: PackedFile, readsLess: boolean])[] = [
      ['a file of Arrow', { file: byteFile('a.arrow', arrow('file')), format: 'arrow' }, true],
      ['a stream of Arrow', { file: byteFile('a.arrows', arrow('stream')), format: 'arrow' }, true],
      // The dictionary of all texts comes first.
      [
        'Arrow with a dictionary',
        { file: byteFile('a.arrow', arrow('file', dictionary(utf8()))), format: 'arrow' },
        false,
      ],
      ['an array', { file: byteFile('a.npy', arrays['x.npy']), format: 'numpy' }, true],
      [
        'arrays of several series',
        { file: byteFile('a.npy', numpyArray([4, ROWS / 4, 1], numbers)), format: 'numpy' },
        true,
      ],
      ['an archive of arrays', { file: byteFile('a.npz', zipSync(arrays)), format: 'numpy' }, true],
    ];
    for (const [title, packed, readsLess] of files)
      it(title, async () => {
        const whole = await packedTable(packed);
        for (const limit of [1, 999, 1001, ROWS + 1]) {
          const { file, bytes } = counted(packed.file);
          const part = await packedTable({ ...packed, file }, undefined, { limit });
          assert.deepEqual([part.columns, part.header], [whole.columns, whole.header]);
          assert.deepEqual(part.rows.slice(0, limit), whole.rows.slice(0, limit));
          assert.equal(part.rows.length, Math.min(limit, ROWS));
          if (readsLess && limit < ROWS) assert.ok(bytes() < file.size / 2, `${bytes()} of ${file.size} for ${limit}`);
        }
      });
  });
});
