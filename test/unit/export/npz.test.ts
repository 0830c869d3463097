import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { crc32, crc32c } from '../../../src/format/crc32.ts';
import { npyBytes, type NumpyArray } from '../../../src/export/npz/npy.ts';
import { npzBytes } from '../../../src/export/npz/npz.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { anyText, wellFormed } from './cells.ts';
import { ifReadable, python, readWithPython } from './readers.ts';

const shape = fc.array(fc.nat(4), { minLength: 1, maxLength: 3 });
const count = (sizes: readonly number[]) => sizes.reduce((product, size) => product * size, 1);

const anyArray: fc.Arbitrary<NumpyArray> = shape.chain((sizes) => {
  const length = { minLength: count(sizes), maxLength: count(sizes) };
  const values = fc.oneof<fc.Arbitrary<NumpyArray['values']>[]>(
    fc.float64Array(length),
    fc.float32Array(length),
    fc.int32Array(length),
    fc.array(anyText, length),
  );
  return values.map((each) => ({ shape: sizes, values: each }));
});

/** Names of arrays: any that can be a file in a zip file. */
const anyArrays = fc
  .uniqueArray(fc.tuple(fc.stringMatching(/^[\w/ <é漢]{1,12}$/u), anyArray), {
    selector: ([name]) => name,
    maxLength: 6,
  })
  .map((entries) => new Map(entries));

describe('arrays for NumPy', () => {
  const home = temporaryFolder();

  it('has the CRCs of their standards', () => {
    const digits = new TextEncoder().encode('123456789');
    assert.equal(crc32(digits), 0xcbf43926);
    assert.equal(crc32c(digits), 0xe3069283);
    assert.equal(crc32(new Uint8Array()), 0);
  });

  it('refuses values that do not fill the shape', () => {
    assert.throws(() => npyBytes({ shape: [2, 3], values: new Float64Array(5) }), RangeError);
  });

  it('aligns the data of every array', () => {
    fc.assert(
      fc.property(anyArray, (array) => {
        const bytes = npyBytes(array);
        const header = (bytes[8] ?? 0) + 256 * (bytes[9] ?? 0);
        assert.equal((10 + header) % 64, 0);
        assert.equal(bytes[9 + header], 0x0a);
      }),
    );
  });

  (python ? it : it.skip)(`reads back with numpy.load${ifReadable}`, async function () {
    this.timeout(120_000);
    const samples = fc.sample(anyArrays, 60);
    const paths = samples.map((_, i) => join(home(), `${i}.npz`));
    await Promise.all(samples.map(async (arrays, i) => writeFile(paths[i] ?? '', npzBytes(arrays))));
    const read = await readWithPython('npz', paths);
    samples.forEach((arrays, i) => {
      const expected = [...arrays].map(([name, array]) => [name, { type: typeOf(array), ...stored(array) }]);
      assert.deepEqual(read[i], Object.fromEntries(expected));
    });
  });
});

function typeOf({ values }: NumpyArray): string {
  if (values instanceof Float64Array) return '<f8';
  if (values instanceof Float32Array) return '<f4';
  if (values instanceof Int32Array) return '<i4';
  const longest = (values as readonly string[]).reduce((most, text) => Math.max(most, Array.from(text).length), 1);
  return `<U${longest}`;
}

/** What NumPy has of an array: texts lose zeros at their end, which are its padding. */
function stored({ shape, values }: NumpyArray) {
  const each = Array.from<number | string, unknown>(values as ArrayLike<number | string>, (value) =>
    typeof value === 'string' ? wellFormed(value).replace(/\0+$/, '') : value,
  );
  return { shape: [...shape], values: each };
}
