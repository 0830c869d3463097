import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readTagged, type TaggedText } from '../../../../src/data/tagged/readTagged.ts';
import type { TaggedOptions } from '../../../../src/data/tagged/taggedText.ts';
import { HmmTagger } from '../../../../src/models/hmm/tagger/hmmTagger.ts';
import { MostFrequentTag } from '../../../oracle/mostFrequentTag.ts';
import { inputError } from '../helpers.ts';
import { sharedData } from '../sharedData.ts';
import { assertNames } from '../../../harness/facts.ts';
import { seeds } from '../../../harness/seeds.ts';

const read = (text: string, options?: TaggedOptions): Promise<TaggedText> =>
  readTagged({ kind: 'text', text, name: 'tagged.tsv' }, options);

describe('reader of tagged sentences', () => {
  const the = { line: 1, words: ['The', 'cat'], tags: ['DET', 'NOUN'] };
  const cases: Record<string, { text: string; sentences: object[]; options?: TaggedOptions }> = {
    'two sentences': {
      text: 'The\tDET\ncat\tNOUN\n\nIt\tPRON\n',
      sentences: [the, { line: 4, words: ['It'], tags: ['PRON'] }],
    },
    'CRLF, several blank lines, blanks in a blank line, no line break at the end': {
      text: '\r\nThe\tDET\r\ncat\tNOUN\r\n \t\r\n\r\nIt\tPRON',
      sentences: [
        { ...the, line: 2 },
        { line: 6, words: ['It'], tags: ['PRON'] },
      ],
    },
    'words with spaces, and a number sign as a word': {
      text: 'New York\tPROPN\n#\tSYM\n# 1\tSYM\n',
      sentences: [{ line: 1, words: ['New York', '#', '# 1'], tags: ['PROPN', 'SYM', 'SYM'] }],
    },
    'columns separated by spaces: the first and the last': {
      text: 'The DT B-NP O\nEU  NNP I-NP B-ORG\n# NN I-NP O\n',
      sentences: [{ line: 1, words: ['The', 'EU', '#'], tags: ['O', 'B-ORG', 'O'] }],
    },
    'selected columns': {
      text: 'The\tDT\tO\ncat\tNN\tO\n',
      options: { columns: { word: 1, tag: 2 } },
      sentences: [{ line: 1, words: ['The', 'cat'], tags: ['DT', 'NN'] }],
    },
    'CoNLL-U, with comments, ranges and empty nodes': {
      text: [
        '# newpar',
        "# text = I don't",
        '1\tI\tI\tPRON\t_\t_\t2\tnsubj\t_\t_',
        "2-3\tdon't\t_\t_\t_\t_\t_\t_\t_\t_",
        '2\tdo\tdo\tAUX\t_\t_\t0\troot\t_\t_',
        "3\tn't\tnot\tPART\t_\t_\t2\tadvmod\t_\t_",
        '3.1\twant\twant\tVERB\t_\t_\t_\t_\t_\t_',
        '',
      ].join('\n'),
      sentences: [{ line: 3, words: ['I', 'do', "n't"], tags: ['PRON', 'AUX', 'PART'] }],
    },
  };
  for (const [name, { text, sentences, options }] of Object.entries(cases)) {
    it(`reads ${name}`, async () => {
      const found = await read(text, options);
      assert.deepEqual(found.sentences, sentences);
      assert.deepEqual(found.problems, []);
    });
  }

  it('reports an unusable row with line and reason, and skips its sentence', async () => {
    const { sentences, problems, tags } = await read('a\tX\nb\n\nc\tY\n\nd\tX\tY\n\n\tX\n\ne\t \nf\tZ\n');
    assert.deepEqual(sentences, [{ line: 4, words: ['c'], tags: ['Y'] }]);
    assert.deepEqual(tags, ['Y']);
    assert.deepEqual(
      problems.map(({ line }) => line),
      [2, 6, 8, 10],
    );
    assertNames(problems[0]?.reason, 1, 2);
    assertNames(problems[1]?.reason, 3, 2);
    assertNames(problems[3]?.reason, '"e"');
  });

  it('rejects a file without a tagged sentence, with the first problem', async () => {
    await assert.rejects(read('\n \n'), inputError('empty', 'tagged.tsv'));
    await assert.rejects(read('once\n'), inputError('empty', 1, 2));
  });

  it('reads a line of a million characters', async () => {
    const word = 'x'.repeat(1_000_000);
    assert.deepEqual((await read(`${word}\tX\n`)).sentences[0]?.words, [word]);
  });

  it('reads all written words and tags', async () => {
    const token = fc.string({ minLength: 1 }).filter((text) => !/[\t\n\r\0]/.test(text) && text.trim() === text);
    const sentence = fc.array(fc.tuple(token, token), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(sentence, { minLength: 1, maxLength: 4 }), async (written) => {
        const text = written.map((tokens) => tokens.map(([word, tag]) => `${word}\t${tag}\n`).join('')).join('\n');
        const { sentences } = await read(text);
        assert.deepEqual(
          sentences.map(({ words, tags }) => words.map((word, at) => [word, tags[at]])),
          written,
        );
      }),
      seeds(100),
    );
  });
});

describe('taggers on English web text', () => {
  it('has an accuracy of 0.92 with the hidden Markov tagger and 0.862 with the most frequent tag', async function () {
    this.timeout(180_000);
    const [train, test] = [sharedData(this, 'ud-ewt-pos', 'train.tsv'), sharedData(this, 'ud-ewt-pos', 'test.tsv')];
    const learned = (await readTagged({ kind: 'file', path: train })).sentences;
    const { sentences, problems } = await readTagged({ kind: 'file', path: test });
    assert.deepEqual([learned.length, sentences.length, problems.length], [12_544, 2077, 0]);
    const accuracy = (
      tagger: { tag(words: readonly string[]): string[] },
      isAsked = (_word: string): boolean => true,
    ): number => {
      const answers = sentences.flatMap(({ words, tags }) => {
        const found = tagger.tag(words);
        return words.flatMap((word, at) => (isAsked(word) ? [found[at] === tags[at]] : []));
      });
      return answers.filter(Boolean).length / answers.length;
    };
    assert.equal(accuracy(new MostFrequentTag(learned)).toFixed(3), '0.862');
    const tagger = HmmTagger.fit(learned);
    const [all, unknown] = [accuracy(tagger), accuracy(tagger, (word) => !tagger.isKnown(word))];
    assert.ok(all >= 0.92 && unknown >= 0.75, `${all} of all words, ${unknown} of unknown ones`);
  });
});
