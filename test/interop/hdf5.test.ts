import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { ensureKeras } from '../../scripts/lib/keras.ts';
import { root } from '../../scripts/lib/paths.ts';
import { Hdf5File } from '../../src/interop/hdf5/hdf5File.ts';
import { type Hdf5Array, writeHdf5 } from '../../src/interop/hdf5/hdf5Writer.ts';
import { errorWith } from '../harness/facts.ts';
import { prepareOrSkip } from '../harness/prepareOrSkip.ts';
import { temporaryFolder } from '../unit/runs/temporary.ts';

const run = promisify(execFile);
const script = join(root, 'test', 'fixtures', 'hdf5Files.py');
/** Values of `hdf5Files.py`. */
const VALUES = Float32Array.from({ length: 1000 }, (_, at) => at - 500);
const refused = (...facts: readonly string[]) => errorWith({ name: 'UnusableError' }, ...facts);

describe('files of HDF5', function () {
  this.timeout(120_000);
  const home = temporaryFolder();
  let python = '';
  const opened = async (name: string) => new Hdf5File(await readFile(join(home(), name)), name);
  beforeEach(async function () {
    python = await prepareOrSkip(this, ensureKeras);
  });

  it('of h5py are read: both formats, all types of numbers, chunks, compressed ones and texts', async () => {
    await run(python, [script, 'write', home()]);
    for (const name of ['earliest', 'ordered', 'latest']) {
      const file = await opened(`${name}.h5`);
      const floats = ['littlef2', 'littlef4', 'littlef8', 'bigf4', 'bigf8', 'bfloat16'];
      for (const type of name === 'latest' ? floats : [...floats, 'chunked', 'gzip']) {
        const dataset = file.datasets.get(`a/b/${type}`);
        assert.deepEqual(dataset?.shape, [25, 40], `${name}, ${type}`);
        // Three digits of bfloat16.
        const values = dataset.read();
        const largest = values.reduce((most, value, at) => Math.max(most, Math.abs(value - VALUES[at]!)), 0);
        assert.ok(largest <= (type === 'bfloat16' ? 2 : 0), `${name}, ${type}`);
      }
      assert.deepEqual(file.datasets.get('scalar')?.read(), Float32Array.of(3), name);
      assert.deepEqual(JSON.parse(file.text('', 'model_config') ?? ''), { a: '\u00fc'.repeat(200) }, name);
      assert.deepEqual([file.text('', 'fixed'), file.text('', 'numbers')], ['fixed', undefined], name);
      for (const other of ['counter', 'bytes']) assert.throws(() => file.datasets.get(other)?.read(), refused(other));
    }
    const file = await opened('earliest.h5');
    assert.throws(() => file.datasets.get('a/b/lzf')?.read(), refused('a/b/lzf', '32000'));
  });

  it('are refused: links to elsewhere, heaps of links, and arrays that grow', async () => {
    await run(python, [script, 'write', home()]);
    await assert.rejects(opened('links.h5'), refused('links.h5', 'soft'));
    await assert.rejects(opened('external.h5'), refused('external.h5', 'elsewhere'));
    await assert.rejects(opened('many.h5'), refused('many.h5'));
    const raw = await opened('raw.h5');
    assert.throws(() => raw.datasets.get('outside')?.read(), refused('raw.h5', 'outside'));
    const bomb = await opened('bomb.h5');
    assert.throws(() => bomb.datasets.get('bomb')?.read(), refused('bomb.h5'));
  });

  it('that are written are read by h5py, and the same again here', async () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .filter((each) => !/[/\0]|^\.+$/.test(each));
    const array: fc.Arbitrary<Hdf5Array> = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }).map((shape) => ({
      shape,
      values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, at) => at + 0.5),
    }));
    const arrays = fc.uniqueArray(fc.tuple(name, name, array), { maxLength: 80, selector: ([a, b]) => `${a}/${b}` });
    const samples = fc.sample(arrays, { numRuns: 30, seed: 3 });
    const files = samples.map((sample) => new Map(sample.map(([a, b, values]) => [`group ${a}/${b}`, values])));
    files.push(
      new Map(Array.from({ length: 500 }, (_, at) => [`many/${at}`, { shape: [1], values: Float32Array.of(at) }])),
    );
    for (const [at, file] of files.entries()) {
      const bytes = writeHdf5(file);
      const again = new Hdf5File(bytes, 'own');
      assert.deepEqual([...again.datasets.keys()].sort(), [...file.keys()].sort());
      for (const [path, { shape, values }] of file) {
        assert.deepEqual(again.datasets.get(path)?.shape, shape);
        assert.deepEqual(again.datasets.get(path)?.read(), values);
      }
      assert.deepEqual(writeHdf5(file), bytes);
      // Python takes its time to start.
      if (at !== 0 && at !== files.length - 1) continue;
      const path = join(home(), 'own.h5');
      await writeFile(path, bytes);
      const { stdout } = await run(python, [script, 'read', path], { maxBuffer: 1 << 24 });
      const found = JSON.parse(stdout) as Record<string, unknown>;
      assert.deepEqual(
        Object.fromEntries(Object.entries(found).map(([key, value]) => [key, [value].flat(3)])),
        Object.fromEntries([...file].map(([key, { values }]) => [key, [...values]])),
      );
    }
  });
});
