import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ensureReaders } from '../../scripts/lib/readers.ts';
import { root } from '../../scripts/lib/paths.ts';
import { autoReading } from '../../src/config/reading.ts';
import { readTable } from '../../src/data/table/readTable.ts';
import { prepareOrSkip } from '../harness/prepareOrSkip.ts';

const run = promisify(execFile);

/** Columns and cells of a table, as the program that has written it says. */
interface Expected {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Precision of columns of numbers that are not of double precision. */
  readonly bits?: Readonly<Record<string, number>>;
}

const FORMATS = ['parquet', 'feather', 'arrow', 'arrows', 'xlsx', 'npy', 'npz', 'csv.gz', 'jsonl.gz'];

/** Cells are equal, or the same number in the precision of the file. */
function isSame(own: string, other: string, bits = 64): boolean {
  if (own === other) return true;
  if (own === '' || other === '') return false;
  const [value, wanted] = [Number(own), Number(other)];
  // Less than half of the distance between numbers of half precision.
  if (bits === 16) return Math.abs(value - wanted) < 2 ** (Math.floor(Math.log2(Math.abs(wanted))) - 11);
  return Object.is(bits === 32 ? Math.fround(value) : value, wanted);
}

describe('data of PyArrow, pandas, openpyxl and NumPy', function () {
  this.timeout(300_000);
  let folder = '';
  let expected: Readonly<Record<string, Expected>> = {};
  before(async function () {
    const python = await prepareOrSkip(this, ensureReaders);
    folder = join(await mkdtemp(join(tmpdir(), 'sequence-lab-test-')), 'data');
    await run(python, [join(root, 'test', 'fixtures', 'packedData.py'), folder]);
    expected = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')) as typeof expected;
  });

  after(async () => rm(dirname(folder), { recursive: true, force: true }));

  for (const format of FORMATS) {
    it(`has the cells that were written: ${format}`, async () => {
      const files = Object.keys(expected).filter((name) => name.replace(/#.*/, '').endsWith(`.${format}`));
      assert.ok(files.length > 0);
      for (const file of files) {
        const [name = '', sheet = 'auto'] = file.split('#');
        const { columns, rows } = await readTable({
          kind: 'file',
          path: join(folder, name),
          reading: { ...autoReading, sheet },
        });
        const { columns: names, rows: written, bits } = expected[file]!;
        assert.deepEqual(columns, names, file);
        assert.equal(rows.length, written.length, file);
        for (const [row, cells] of written.entries()) {
          for (const [column, cell] of cells.entries()) {
            const own = rows.cell(row, column);
            if (!isSame(own, cell, bits?.[names[column] ?? '']))
              assert.fail(`${file}, row ${row + 1}, ${names[column]}: ${own} instead of ${cell}`);
          }
        }
      }
    });
  }
});
