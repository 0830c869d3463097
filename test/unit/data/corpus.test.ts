import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Corpus, type CorpusOptions, loadCorpus } from '../../../src/data/corpus.ts';
import { encodeText } from '../../../src/data/encodedText.ts';
import { anyText, idsOf, inputError } from './helpers.ts';
import { errorWith } from '../../harness/facts.ts';

const load = (text: string, options: Partial<CorpusOptions> = {}): Promise<Corpus> =>
  loadCorpus({ kind: 'text', text, name: 'untitled' }, { validationShare: 0.25, sequenceLength: 2, ...options });

describe('corpus', () => {
  it('holds out the tail for validation and creates the vocabulary from the rest', async () => {
    const { vocabulary, train, validation, report } = await load('banana and😀');
    assert.deepEqual(vocabulary.tokens, ['<unk>', ' ', 'a', 'b', 'n']);
    assert.equal(vocabulary.decode(idsOf(train[0]!)), 'banana an');
    assert.deepEqual(idsOf(validation[0]!), [0, 0]);
    assert.deepEqual(
      [report.characters, report.trainCharacters, report.validationCharacters, report.unknownInValidation],
      [11, 9, 2, 2],
    );
  });

  it('encodes both parts like the vocabulary', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyText({ minLength: 20, maxLength: 60 }),
        fc.double({ min: 0.1, max: 0.5, noNaN: true }),
        async (text, validationShare) => {
          fc.pre(!text.startsWith('\uFEFF'));
          const { vocabulary, train, validation, report } = await load(text, { validationShare });
          const characters = Array.from(text);
          const border = characters.length - Math.floor(characters.length * validationShare);
          const [head, tail] = [characters.slice(0, border), characters.slice(border)];
          assert.deepEqual(new Set(vocabulary.tokens), new Set(['<unk>', ...head]));
          assert.equal(vocabulary.decode(idsOf(train[0]!)), head.join(''));
          assert.deepEqual(idsOf(validation[0]!), [...vocabulary.encode(tail.join(''))]);
          assert.equal(report.unknownInValidation, idsOf(validation[0]!).filter((id) => id === 0).length);
        },
      ),
    );
  });

  it('distinguishes more than 256 characters in a file of several chunks with CRLF and a byte order mark', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-corpus-'));
    try {
      const path = join(folder, 'long.txt');
      const line = (i: number): string => `${'x'.repeat(90)}${String.fromCodePoint(0x4e00 + (i % 300))}`;
      const lines = Array.from({ length: 14_000 }, (_, i) => line(i));
      await writeFile(path, `\uFEFF${lines.join('\r\n')}`);
      const progress: number[] = [];
      const { vocabulary, train, validation, report } = await loadCorpus(
        { kind: 'file', path },
        {
          validationShare: 0.1,
          sequenceLength: 50,
          onProgress: ({ bytes, totalBytes }) => progress.push(bytes / totalBytes),
        },
      );
      assert.equal(vocabulary.size, 303);
      assert.equal(vocabulary.decode([...idsOf(train[0]!), ...idsOf(validation[0]!)]), lines.join('\n'));
      assert.equal(report.crlf, 13_999);
      assert.equal(report.bom, true);
      assert.ok(progress.length > 1);
      assert.deepEqual(
        progress,
        progress.toSorted((a, b) => a - b),
      );
      assert.equal(progress.at(-1), 1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('rejects an empty text, and one that is only a byte order mark', async () => {
    for (const text of ['', '\uFEFF']) await assert.rejects(load(text), inputError('empty', 'untitled'));
  });

  it('reports the exact minimum length of a text', async () => {
    for (const sequenceLength of [2, 10, 57]) {
      for (const validationShare of [0.01, 0.1, 0.3, 0.5]) {
        let [low, needed] = [3, 20_000];
        while (needed - low > 1) {
          const middle = Math.floor((low + needed) / 2);
          const isEnough = await load('x'.repeat(middle), { sequenceLength, validationShare }).then(
            () => true,
            () => false,
          );
          if (isEnough) needed = middle;
          else low = middle;
        }
        await assert.rejects(
          load('xyz', { sequenceLength, validationShare }),
          inputError('too-short', 'untitled', 3, needed),
        );
        await assert.rejects(
          load('x'.repeat(needed - 1), { sequenceLength, validationShare }),
          inputError('too-short', needed),
        );
      }
    }
  });

  it('recommends a smaller sequence length only if it helps', async () => {
    await assert.rejects(
      load('x'.repeat(20), { sequenceLength: 50 }),
      errorWith({ code: 'too-short', fields: ['data.sequenceLength'] }),
    );
    await assert.rejects(load('x'.repeat(7), { sequenceLength: 2 }), errorWith({ code: 'too-short', fields: [] }));
  });

  it('rejects a validation share without a training part or a validation part', async () => {
    for (const validationShare of [0, 1, NaN])
      await assert.rejects(load('x'.repeat(99), { validationShare }), RangeError);
  });

  it('stops with the reason of an aborted signal', async () => {
    const reason = new Error('enough');
    await assert.rejects(load('x'.repeat(99), { signal: AbortSignal.abort(reason) }), reason);
    const abort = new AbortController();
    const whileReading = load('x'.repeat(99), { signal: abort.signal, onProgress: () => abort.abort(reason) });
    await assert.rejects(whileReading, reason);
  });

  it('encodes another text with the vocabulary of this one', async () => {
    const { vocabulary } = await load('to be or not to be');
    const { documents, unknown, report } = await encodeText(
      { kind: 'text', text: 'robe\r\nz', name: 'other' },
      vocabulary,
    );
    assert.equal(vocabulary.decode(idsOf(documents[0]!)), 'robe\uFFFD\uFFFD');
    assert.equal(unknown, 2);
    assert.equal(report.crlf, 1);
    await assert.rejects(
      encodeText({ kind: 'text', text: '', name: 'other' }, vocabulary),
      inputError('empty', 'other'),
    );
  });
});
