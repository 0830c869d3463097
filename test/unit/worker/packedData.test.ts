import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { sha256Hex } from '../../../src/platform/hashing.ts';
import type { StartRequest } from '../../../src/protocol/trainer.ts';
import { readRecord } from '../../../src/runs/record.ts';
import { evaluate } from '../../../src/worker/evaluate.ts';
import { Session } from '../../../src/worker/session.ts';
import { errorWith } from '../../harness/facts.ts';
import { request, rhyme, train } from './fixture.ts';

const texts = Array.from({ length: 48 }, (_, i) => `the ${i % 2 ? 'soup' : 'day'} is ${i % 3 ? 'warm' : 'fine'} ${i}`);
const labels = texts.map((_, i) => (i % 2 ? 'good' : 'bad'));
const csv = ['text,label', ...texts.map((text, i) => `${text},${labels[i]}`), ''].join('\n');
const parquet = () =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'text', data: texts, type: 'STRING' },
        { name: 'label', data: labels, type: 'STRING' },
      ],
    }),
  );
const folder: Readonly<Record<string, string>> = Object.fromEntries(
  texts.map((text, i) => [`${labels[i]}/${String(i).padStart(2, '0')}.txt`, text]),
);
const documents = {
  'a/one.md': rhyme.slice(0, 900),
  'two.txt': rhyme.slice(100, 1700),
  'b/three.md': rhyme.slice(5, 400),
};
const zipOf = (files: Readonly<Record<string, string>>) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])));

const classification: RunConfigInput = { task: { name: 'classification' } };

/** Packed data, and the same data unpacked, on which a run has equal weights. */
const cases: readonly {
  readonly title: string;
  readonly name: string;
  readonly bytes: () => Uint8Array;
  readonly plain: string | Readonly<Record<string, string>>;
  readonly config: RunConfigInput;
}[] = [
  { title: 'a text', name: 'rhyme.txt.gz', bytes: () => gzipSync(rhyme), plain: rhyme, config: {} },
  {
    title: 'the texts of a table',
    name: 'rhyme.parquet',
    bytes: parquet,
    plain: texts.map((text) => `${text}\n`).join(''),
    config: {},
  },
  { title: 'documents', name: 'documents.zip', bytes: () => zipOf(documents), plain: documents, config: {} },
  { title: 'labeled texts', name: 'reviews.csv.gz', bytes: () => gzipSync(csv), plain: csv, config: classification },
  { title: 'a labeled table', name: 'reviews.parquet', bytes: parquet, plain: csv, config: classification },
  {
    title: 'folders of labels',
    name: 'reviews.zip',
    bytes: () => zipOf(folder),
    plain: folder,
    config: classification,
  },
];

describe('runs on packed data', function () {
  this.timeout(240_000);
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'sequence-lab-test-'));
  });
  afterEach(async () => rm(home, { recursive: true }));

  const starting = (path: string, steps: number, config: RunConfigInput): StartRequest => ({
    ...request(home, {
      ...config,
      training: { steps, validateEvery: 5, checkpointEvery: 5 },
      probes: { every: 0 },
      model: { units: 4 },
    }),
    source: { kind: 'file', path },
  });
  const weights = async (run: string) => readFile(join(run, 'model', 'weights.bin'));
  const plainPath = async (plain: string | Readonly<Record<string, string>>, name: string): Promise<string> => {
    const path = join(home, `plain-${name.replace(/\.(gz|zip|parquet)$/, '')}`);
    const files = typeof plain === 'string' ? { '': plain } : plain;
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(path, file)), { recursive: true });
      await writeFile(join(path, file), text);
    }
    return path;
  };

  for (const { title, name, bytes, plain, config } of cases)
    it(`are as on the same data unpacked, and go on from their copy: ${title} in ${name}`, async () => {
      const path = join(home, name);
      const content = bytes();
      await writeFile(path, content);
      const other = await train(starting(await plainPath(plain, name), 10, config));
      const whole = await train(starting(path, 10, config));
      assert.deepEqual(await weights(whole.folder), await weights(other.folder));
      const half = await train(starting(path, 5, config));
      const { source } = await readRecord(half.folder);
      assert.equal(source?.snapshot, true);
      if (title !== 'documents') assert.equal(source.files[0]?.sha256, sha256Hex(content));
      else assert.equal(source.sha256, (await readRecord(other.folder)).source?.sha256);
      const scores = await evaluate(half.folder, path, {}, starting(path, 1, config).backends);
      assert.ok(scores.measures);
      const changed = Uint8Array.from(content);
      changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 0xff;
      await writeFile(path, changed);
      const { backends } = starting(path, 10, config);
      await (await Session.resume({ folder: half.folder, changes: { steps: 10 }, backends }, () => undefined)).train();
      assert.deepEqual(await weights(half.folder), await weights(whole.folder));
      await rm(path);
      const repeated = await Session.repeat({ folder: half.folder, backends }, () => undefined);
      await repeated.train();
      assert.deepEqual(await weights(repeated.folder), await weights(half.folder));
    });

  const inArchive: readonly (readonly [title: string, file: string, validation: string, config: RunConfigInput])[] = [
    ['a folder', 'train', 'test', classification],
    ['a table', 'train.csv', 'test.csv', classification],
    ['a text', 'text.txt', '', {}],
  ];
  for (const [title, file, validation, config] of inArchive)
    it(`are as on the same data unpacked, where the data are ${title} in an archive`, async () => {
      const files = {
        'text.txt': rhyme,
        'train.csv': csv,
        'test.csv': csv,
        ...Object.fromEntries(
          Object.entries(folder).flatMap(([name, text]) => [
            [`train/${name}`, text],
            [`test/${name}`, text],
          ]),
        ),
      };
      const archive = join(home, 'all.zip');
      await writeFile(archive, zipOf(files));
      const plain = await plainPath(files, 'all.zip');
      const of = async (parent: string) =>
        train(
          starting(join(parent, file), 5, {
            ...config,
            ...(validation && { data: { validation: join(parent, validation) } }),
          }),
        );
      const [own, other] = [await of(archive), await of(plain)];
      assert.deepEqual(await weights(own.folder), await weights(other.folder));
      const source = async (run: string) => (await readRecord(run)).source;
      const [kept, wanted] = [await source(own.folder), await source(other.folder)];
      assert.deepEqual([kept?.sha256, kept?.snapshot], [wanted?.sha256, wanted?.snapshot]);
      const { backends } = starting(archive, 10, config);
      const repeated = await Session.repeat({ folder: own.folder, backends }, () => undefined);
      await repeated.train();
      assert.deepEqual(await weights(repeated.folder), await weights(own.folder));
    });

  it('say which file to choose in an archive of one table, which can be chosen', async () => {
    const archive = join(home, 'reviews.csv.zip');
    await writeFile(archive, zipOf({ 'reviews.csv': csv }));
    const inside = join(archive, 'reviews.csv');
    await assert.rejects(train(starting(archive, 5, classification)), errorWith({ name: 'InputError' }, inside));
    await train(starting(inside, 5, classification));
  });
});
