import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TextWordVocabulary } from '../../../../src/data/words/textWordVocabulary.ts';
import { WordEncoder } from '../../../../src/data/words/wordEncoder.ts';
import { errorWith } from '../../../harness/facts.ts';
import { anyText } from '../helpers.ts';

const text = fc.oneof(anyText(), fc.stringMatching(/^(don't|We're|’| | {2}|\t|,|\.|sea|\n|42)*$/));

function tokensOf(chunks: readonly string[]): string[] {
  const forms: string[] = [];
  const ids = new Map<string, number>();
  const idOf = (form: string): number => {
    if (!ids.has(form)) ids.set(form, forms.push(form) - 1);
    return ids.get(form) ?? -1;
  };
  const encoder = new WordEncoder(idOf, () => forms.length);
  // The ids of a call are valid until the next one.
  const found = chunks.flatMap((chunk) => [...encoder.encode(chunk)]);
  return [...found, ...encoder.end()].map((id) => forms[id] ?? '');
}

function vocabularyOf(texts: string, limits = { minCount: 1, maxSize: 1e6 }): TextWordVocabulary {
  const counts = new Map<string, number>();
  for (const token of tokensOf([texts])) counts.set(token, (counts.get(token) ?? 0) + 1);
  return TextWordVocabulary.fit(counts, limits);
}

describe('the tokens of a word language model', () => {
  it('are words and marks with the space before them, the same at the start of a line', () => {
    assert.deepEqual(tokensOf(["The sea.\nWe're  at\n the sea"]), [
      ...[' The', ' sea', '.', '\n', ' We', "'re", '  ', 'at', '\n', ' ', 'the', ' sea'],
    ]);
  });

  it('do not depend on the chunks in which a text arrives', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), (chunks) => {
        assert.deepEqual(tokensOf(chunks), tokensOf([chunks.join('')]));
      }),
    );
  });

  it('are restored to the text, and have its ranges', () => {
    fc.assert(
      fc.property(text, (each) => {
        fc.pre(each !== '');
        const vocabulary = vocabularyOf(each);
        assert.equal(vocabulary.decode(vocabulary.encode(each)), each);
        const { tokens, ids, offsets } = vocabulary.tokenize(each);
        assert.equal(tokens.join(''), each);
        assert.deepEqual([...ids], [...vocabulary.encode(each)]);
        assert.deepEqual(
          offsets,
          tokens.map((_, at) => tokens.slice(0, at).join('').length),
        );
      }),
    );
  });
});

describe('a vocabulary of a word language model', () => {
  it('keeps the most frequent words and the line break, and reads others as <unk>', () => {
    const vocabulary = vocabularyOf('a b b c c c\nd', { minCount: 2, maxSize: 2 });
    assert.deepEqual(vocabulary.tokens, ['<unk>', '\n', ' c']);
    assert.deepEqual([...vocabulary.encode('c b\nc')], [2, 0, 1, 2]);
    assert.equal(vocabulary.decode([2, 0, 1, 2]), 'c\uFFFD\nc');
  });

  it('continues a prompt with single spaces', () => {
    const vocabulary = vocabularyOf('the sea, the sea\nthe sea');
    const [sea, comma] = [' sea', ','].map((form) => vocabulary.idOf(form)) as [number, number];
    const written = (prompt: string, ...ids: number[]) => {
      const { textOf } = vocabulary.begin(prompt);
      return prompt + ids.map(textOf).join('');
    };
    assert.equal(written('the', sea, comma, sea), 'the sea, sea');
    assert.equal(written('the ', sea, sea), 'the sea sea');
    assert.equal(written('', sea, sea), 'sea sea');
    assert.equal(written('the\n', sea, vocabulary.idOf('\n'), sea), 'the\nsea\nsea');
    assert.deepEqual([...vocabulary.begin('').ids], [vocabulary.idOf('\n')]);
  });

  it('can be restored from its JSON, and rejects other JSON', () => {
    const vocabulary = vocabularyOf('a b');
    const json = JSON.parse(JSON.stringify(vocabulary)) as unknown;
    assert.ok(TextWordVocabulary.isJson(json) && !TextWordVocabulary.isJson({ kind: 'character' }));
    assert.deepEqual(TextWordVocabulary.fromJSON(json).tokens, vocabulary.tokens);
    for (const tokens of [
      ['a', 'b'],
      ['<unk>', 'a', 'a'],
    ])
      assert.throws(
        () => TextWordVocabulary.fromJSON({ version: 1, kind: 'spaced-word', tokens }),
        errorWith({ name: 'Error' }, 'vocabulary'),
      );
  });
});
