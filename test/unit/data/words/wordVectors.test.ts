import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readWordVectors, type WordVectors } from '../../../../src/data/words/wordVectors.ts';
import { inputError } from '../helpers.ts';
import { assertNames } from '../../../harness/facts.ts';

const read = (text: string, words: string[]): Promise<WordVectors> =>
  readWordVectors({ kind: 'text', text, name: 'glove.txt' }, words);

describe('reader of word vectors', () => {
  const rows = 'the 0.5 -1 2e-3\nsun 1 2 3\nweather 4 5 6\n';
  const cases: Record<string, string> = {
    GloVe: rows,
    'word2vec, which begins with its sizes and ends its lines with a space': `3 3\n${rows.replaceAll('\n', ' \n')}`,
    'CRLF and no line break at the end': rows.trimEnd().replaceAll('\n', '\r\n'),
  };
  for (const [name, text] of Object.entries(cases)) {
    it(`reads the requested words from ${name}`, async () => {
      const { dimensions, vectors, found, problems } = await read(text, ['weather', 'moon', 'the']);
      assert.equal(dimensions, 3);
      assert.deepEqual(vectors, Float32Array.of(4, 5, 6, 0, 0, 0, 0.5, -1, 2e-3));
      assert.deepEqual([found, problems], [2, []]);
    });
  }

  it('does not depend on the order of the rows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(rows.trim().split('\n'), { minLength: 3 }), async (shuffled) => {
        assert.deepEqual(
          (await read(shuffled.join('\n'), ['sun', 'the'])).vectors,
          (await read(rows, ['sun', 'the'])).vectors,
        );
      }),
    );
  });

  it('reports unusable rows of requested words, and uses the first of two', async () => {
    const { vectors, found, problems } = await read('a 1 2\nb 3\nc 4 x\nb 5 6\na 7 8\nc 1 NaN', ['a', 'b', 'c']);
    assert.deepEqual(vectors, Float32Array.of(1, 2, 5, 6, 0, 0));
    assert.equal(found, 2);
    assert.deepEqual(
      problems.map(({ line }) => line),
      [2, 3, 6],
    );
    assertNames(problems[0]?.reason, 1, 2);
    assertNames(problems[1]?.reason, '"x"');
    assertNames(problems[2]?.reason, '"NaN"');
  });

  it('does not confuse a word with spaces with its first part', async () => {
    const { vectors, found } = await read('at 1 2\n. . 3 4\n', ['.', 'at']);
    assert.deepEqual([[...vectors], found], [[0, 0, 1, 2], 1]);
  });

  it('rejects files that are not word vectors', async () => {
    await assert.rejects(read('', ['a']), inputError('empty', 'glove.txt'));
    await assert.rejects(read('Call me Ishmael.\n', ['a']), inputError('not-vectors', 1));
    await assert.rejects(read('alone\n', ['a']), inputError('not-vectors', 'glove.txt'));
  });
});
