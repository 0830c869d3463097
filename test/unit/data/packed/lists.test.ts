import assert from 'node:assert/strict';
import {
  bool,
  columnFromArray,
  type DataType,
  decimal,
  dictionary,
  float32,
  float64,
  int64,
  list,
  map,
  struct,
  tableFromColumns,
  tableToIPC,
  timestamp,
  TimeUnit,
  uint8,
  utf8,
} from '@uwdata/flechette';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { byteFile } from '../../../../src/data/packed/byteFile.ts';
import type { PackedFormat } from '../../../../src/data/packed/packedKind.ts';
import { packedTable } from '../../../../src/data/table/packedTable.ts';

const cellsOf = async (format: PackedFormat, bytes: Uint8Array): Promise<string[]> => {
  const { rows } = await packedTable({ file: byteFile('lists.bin', bytes), format });
  return Array.from({ length: rows.length }, (_, row) => rows.cell(row, 0));
};
const arrowCells = async (values: readonly unknown[], type: DataType): Promise<string[]> => {
  const table = tableFromColumns({ column: columnFromArray(values as unknown[], type) });
  return cellsOf('arrow', tableToIPC(table, { format: 'file' })!);
};

describe('lists in cells', () => {
  const time = Date.UTC(2024, 4, 6, 7, 8, 9, 250);
  const cases: readonly (readonly [type: string, values: readonly unknown[], column: DataType, cell: string])[] = [
    ['decimals', [12.34, 5], decimal(10, 2), '[12.34,5.00]'],
    ['times', [time], timestamp(TimeUnit.MILLISECOND), '["2024-05-06 07:08:09.25"]'],
    ['times in UTC', [time], timestamp(TimeUnit.MICROSECOND, 'UTC'), '["2024-05-06 07:08:09.25Z"]'],
    ['numbers of single precision', [1.1, -0.5], float32(), '[1.1,-0.5]'],
    ['numbers of double precision', [1.1, 1e21, Infinity], float64(), '[1.1,1e+21,null]'],
    ['whole numbers', [2n ** 62n + 1n, -3n], int64(), `[${2n ** 62n + 1n},-3]`],
    ['whole numbers of a byte', [1, 255], uint8(), '[1,255]'],
    ['truth values', [true, false], bool(), '[true,false]'],
    ['texts', ['12', 'a "b"', null], utf8(), '["12","a \\"b\\"",null]'],
    ['texts of a dictionary', ['12', 'true'], dictionary(utf8()), '["12","true"]'],
    ['structs', [{ price: 1.5 }, null], struct({ price: decimal(9, 2) }), '[{"price":1.50},null]'],
    ['maps', [new Map([['a', 0.1]])], map(utf8(), float32()), '[[["a",0.1]]]'],
    ['lists', [[0.1], []], list(float32()), '[[0.1],[]]'],
  ];
  for (const [title, values, type, cell] of cases)
    it(`have the parts that separate cells would have, in Arrow: ${title}`, async () => {
      assert.deepEqual(await arrowCells([values, [], null], list(type)), [cell, '[]', '']);
    });

  it('have the parts that separate cells would have, in Parquet', async () => {
    const listOf = async (element: object, values: readonly unknown[]) =>
      cellsOf(
        'parquet',
        new Uint8Array(
          parquetWriteBuffer({
            columnData: [{ name: 'column', data: [values, []] }],
            schema: [
              { name: 'root', num_children: 1 },
              { name: 'column', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
              { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
              { name: 'element', repetition_type: 'OPTIONAL', ...element },
            ],
          }),
        ),
      );
    assert.equal(
      (await listOf({ type: 'INT64', converted_type: 'DECIMAL', scale: 2, precision: 9 }, [12.34, 5]))[0],
      '[12.34,5.00]',
    );
    assert.equal((await listOf({ type: 'FLOAT' }, [1.1]))[0], '[1.1]');
    assert.equal((await listOf({ type: 'INT64' }, [2n ** 62n + 1n]))[0], `[${2n ** 62n + 1n}]`);
    assert.equal((await listOf({ type: 'BYTE_ARRAY', converted_type: 'UTF8' }, ['12', 'b']))[0], '["12","b"]');
    const utc = { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' };
    assert.equal(
      (await listOf({ type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', logical_type: utc }, [new Date(time)]))[0],
      '["2024-05-06 07:08:09.25Z"]',
    );
  });
});
