import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { loadCorpus } from '../../../../src/data/corpus.ts';
import { listDocuments } from '../../../../src/data/documents/listDocuments.ts';
import { readDocuments } from '../../../../src/data/documents/readDocuments.ts';
import { splitDocuments } from '../../../../src/data/documents/splitDocuments.ts';
import { shuffled } from '../../../../src/data/labeled/split.ts';
import { Generator } from '../../../../src/random/generator.ts';
import { spreadIds } from '../../../../src/training/probedLanguageModel.ts';
import { TokenSequence } from '../../../../src/data/tokenSequence.ts';
import { errorWith } from '../../../harness/facts.ts';
import { idsOf, inputError } from '../helpers.ts';

describe('the documents of a folder', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'sequence-lab-documents-'));
  });
  afterEach(async () => rm(home, { recursive: true }));

  const write = async (files: Readonly<Record<string, string | Uint8Array>>, folder = 'texts'): Promise<string> => {
    const root = join(home, folder);
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), content);
    }
    return root;
  };
  const namesIn = async (path: string) => (await listDocuments(path)).files.map(({ name }) => name);

  it('are its texts in the order of their names; links, hidden and special files are named and never opened', async () => {
    const root = await write({
      'b.md': 'two',
      'a/z.txt': 'one',
      'B.txt': 'zero',
      'a.py': 'three',
      'table.csv': 'a,b',
      '.git/config.txt': 'hidden',
      '.hidden.txt': 'hidden',
    });
    await symlink(root, join(root, 'loop'));
    await symlink(join(root, 'b.md'), join(root, 'link.md'));
    if (process.platform !== 'win32') execFileSync('mkfifo', [join(root, 'pipe.txt')]);
    const { files, leftOut } = await listDocuments(root);
    assert.deepEqual(
      files.map(({ name }) => name),
      ['B.txt', 'a.py', 'a/z.txt', 'b.md'],
    );
    const pipe = process.platform === 'win32' ? [] : ['pipe.txt'];
    assert.deepEqual(
      leftOut.map(({ name }) => name),
      ['.git', '.hidden.txt', 'link.md', 'loop', ...pipe, 'table.csv'],
    );
  });

  it('are not found by wildcards that are not valid, which are named', async () => {
    const path = join(await write({ 'a.md': 'x' }), '[z-a].md');
    await assert.rejects(listDocuments(path), errorWith({ name: 'InputError' }, path));
  });

  it('are those that match a path with wildcards, whatever their extension', async () => {
    const root = await write({ 'a.md': 'x', 'b/c.md': 'x', 'b/d.log': 'x', 'b/.e.md': 'x', 'e.txt': 'x' });
    assert.deepEqual(await namesIn(join(root, '**', '*.md')), ['a.md', 'b/c.md']);
    assert.deepEqual(await namesIn(join(root, 'b', '*')), ['c.md', 'd.log']);
    assert.deepEqual(await namesIn(join(root, '*.{md,txt}')), ['a.md', 'e.txt']);
    await assert.rejects(listDocuments(join(root, '*.zip')), inputError('not-found', '*.zip'));
    await assert.rejects(listDocuments(join(home, 'none', '*.md')), inputError('not-found', 'none'));
  });

  it('leave out what is no text, and their hash follows from names and bytes alone', async () => {
    const texts = { 'a.txt': 'one', 'b/c.txt': 'two' };
    const root = await write({ ...texts, 'binary.txt': new Uint8Array(64), 'blank.txt': '' });
    const copy = await write({ 'b/c.txt': 'two', 'a.txt': 'one' }, 'copy');
    const read = async (path: string) => {
      const names: string[] = [];
      const report = await readDocuments({ kind: 'file', path }, {}, ({ name }) => names.push(name));
      return { names, report };
    };
    const { names, report } = await read(root);
    assert.deepEqual(names, ['a.txt', 'b/c.txt']);
    assert.deepEqual(
      report.leftOut.map(({ name }) => name),
      ['binary.txt', 'blank.txt'],
    );
    assert.equal((await read(copy)).report.sha256, report.sha256);
    const renamed = await write({ 'a.txt': 'one', 'c.txt': 'two' }, 'renamed');
    assert.notEqual((await read(renamed)).report.sha256, report.sha256);
    await assert.rejects(read(await write({ 'a.txt': '' }, 'empty')), inputError('empty', 'a.txt'));
  });

  it('are encoded one by one, by characters and by words, like texts of their own', async () => {
    const texts = ['the cat sat', 'a dog ran\nhome', 'the cat sat down', 'dogs and cats'];
    const root = await write(Object.fromEntries(texts.map((text, at) => [`${at}.txt`, text])));
    for (const words of [undefined, { minCount: 1, maxSize: 100 }]) {
      const corpus = await loadCorpus(
        { kind: 'file', path: root },
        { words, validationShare: 0.25, sequenceLength: 5, seed: 3 },
      );
      const { vocabulary, documents, train, validation, report } = corpus;
      assert.deepEqual(
        documents?.map(({ ids }) => idsOf(ids)),
        texts.map((text) => [...vocabulary.encode(text)]),
      );
      const all = [...train, ...validation].map((ids) => idsOf(ids).join());
      assert.deepEqual(all.sort(), documents?.map(({ ids }) => idsOf(ids).join()).sort());
      assert.equal(report.characters, texts.join('').length);
      assert.equal(report.trainCharacters + report.validationCharacters, report.characters);
    }
  });

  it('are one text by position if there is only one', async () => {
    const text = 'abcdefghij'.repeat(9);
    const root = await write({ 'only.txt': text });
    const options = { validationShare: 0.2, sequenceLength: 5 };
    const [one, other] = [
      await loadCorpus({ kind: 'file', path: root }, options),
      await loadCorpus({ kind: 'text', text, name: 'only.txt' }, options),
    ];
    assert.deepEqual(idsOf(one.train[0]!), idsOf(other.train[0]!));
    assert.deepEqual(idsOf(one.validation[0]!), idsOf(other.validation[0]!));
  });

  it('must have a token to predict in each part', async () => {
    const load = async (folder: string) =>
      loadCorpus({ kind: 'file', path: folder }, { validationShare: 0.25, sequenceLength: 5 });
    await assert.rejects(load(await write({ 'a.txt': 'abc', 'b.txt': 'abc' }, 'copies')), inputError('too-short', 2));
    await assert.rejects(load(await write({ 'a.txt': 'a', 'b.txt': 'b' }, 'short')), inputError('too-short', 2));
  });
});

describe('a split by documents', () => {
  const anyDocuments = fc.array(
    fc.record({ characters: fc.integer({ min: 1, max: 500 }), sha256: fc.integer({ max: 20, min: 0 }).map(String) }),
    { minLength: 1, maxLength: 30 },
  );
  const anyShare = fc.double({ min: 0.01, max: 0.5, noNaN: true });

  it('puts every document in exactly one part, and copies in the same', () => {
    fc.assert(
      fc.property(anyDocuments, anyShare, fc.nat(), (documents, share, seed) => {
        const { train, validation } = splitDocuments(documents, share, seed);
        assert.deepEqual(
          [...train, ...validation].sort((a, b) => a - b),
          documents.map((_, index) => index),
        );
        const hashes = (part: readonly number[]) => new Set(part.map((index) => documents[index]!.sha256));
        assert.ok([...hashes(train)].every((hash) => !hashes(validation).has(hash)));
        assert.ok(train.length > 0);
        assert.equal(validation.length > 0, hashes([...train, ...validation]).size > 1);
        assert.deepEqual(splitDocuments(documents, share, seed), { train, validation });
      }),
    );
  });

  it('has the share of the characters where documents are small', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 100 }),
        anyShare,
        fc.nat(),
        (sizes, share, seed) => {
          const documents = sizes.map((characters, index) => ({ characters, sha256: String(index) }));
          const { validation } = splitDocuments(documents, share, seed);
          const all = sizes.reduce((sum, size) => sum + size, 0);
          const part = validation.reduce((sum, index) => sum + sizes[index]!, 0);
          assert.ok(Math.abs(part - share * all) <= 10, `${part} of ${all}`);
        },
      ),
    );
  });
});

describe('windows of a probe', () => {
  it('are within documents', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 9 }),
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 1, max: 8 }),
        fc.nat(),
        (sizes, rows, most, seed) => {
          const lengths = shuffled([...sizes, rows], Generator.forPurpose(seed, 'order'));
          const documents = lengths.map((length, document) =>
            TokenSequence.of(Array.from({ length }, (_, at) => 1000 * document + at)),
          );
          const { ids, batch } = spreadIds(documents, rows, most);
          const first = Array.from(ids.subarray(0, batch));
          for (let t = 0; t < rows; t++)
            for (let b = 0; b < batch; b++) assert.equal(ids[t * batch + b], first[b]! + t);
          assert.equal(new Set(first).size, batch);
        },
      ),
    );
  });
});
