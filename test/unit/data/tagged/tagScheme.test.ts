import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseTag, tagSchemeOf, type TagScheme } from '../../../../src/data/tagged/tagScheme.ts';
import { entitiesOf, strictEntitiesOf } from '../../../../src/training/entityF1.ts';
import { seeds } from '../../../harness/seeds.ts';

interface Chunk {
  readonly length: number;
  readonly type: string | null;
}

const chunk = fc.record({ length: fc.integer({ min: 1, max: 4 }), type: fc.option(fc.constantFrom('PER', 'LOC-x')) });
const sentences = fc.array(fc.array(chunk, { maxLength: 6 }), { minLength: 1, maxLength: 4 });

/** Letters of a single word, and of the first, the inner and the last word of an entity. */
const letters: Readonly<Record<Exclude<TagScheme, 'IOB1'>, readonly [string, string, string, string]>> = {
  IO: ['I', 'I', 'I', 'I'],
  IOB2: ['B', 'B', 'I', 'I'],
  BIOES: ['S', 'B', 'I', 'E'],
  BMES: ['S', 'B', 'M', 'E'],
  BILOU: ['U', 'B', 'I', 'L'],
};

function write(chunks: readonly Chunk[], scheme: TagScheme): string[] {
  let before: string | null = null;
  return chunks.flatMap(({ length, type }) => {
    const separates = type !== null && type === before;
    before = type;
    return Array.from({ length }, (_, at) => {
      if (type === null) return 'O';
      if (scheme === 'IOB1') return `${at === 0 && separates ? 'B' : 'I'}-${type}`;
      const [single, first, inner, last] = letters[scheme];
      return `${length === 1 ? single : at === 0 ? first : at === length - 1 ? last : inner}-${type}`;
    });
  });
}

function spansOf(chunks: readonly Chunk[]): { start: number; end: number; type: string }[] {
  let end = 0;
  return chunks.flatMap(({ length, type }) => {
    const start = end;
    end += length;
    return type === null ? [] : [{ start, end, type }];
  });
}

/** Neighbors of one type are one entity in IO, which has no letter to separate them. */
function merged(chunks: readonly Chunk[]): Chunk[] {
  const joined: Chunk[] = [];
  for (const each of chunks) {
    const last = joined.at(-1);
    if (last && last.type === each.type) joined[joined.length - 1] = { ...last, length: last.length + each.length };
    else joined.push(each);
  }
  return joined;
}

/** Entities of every kind, which tell the scheme. */
const telling: readonly Chunk[] = [
  { length: 1, type: null },
  { length: 3, type: 'PER' },
  { length: 1, type: 'PER' },
];

describe('schemes of tags', () => {
  for (const scheme of ['IO', 'IOB1', 'IOB2', 'BIOES', 'BMES', 'BILOU'] as const) {
    it(`${scheme} is detected, and its entities are read back, leniently and strictly`, () => {
      fc.assert(
        fc.property(sentences, (drawn) => {
          const all = [...drawn, telling].map((chunks) => (scheme === 'IO' ? merged(chunks) : chunks));
          const written = all.map((chunks) => write(chunks, scheme));
          assert.equal(tagSchemeOf(written), scheme);
          all.forEach((chunks, at) => {
            assert.deepEqual(entitiesOf(written[at]!), spansOf(chunks));
            assert.deepEqual(strictEntitiesOf(written[at]!, scheme), spansOf(chunks));
          });
        }),
        seeds(300),
      );
    });
  }

  const none: readonly (readonly string[])[] = [['NOUN', 'O'], ['B', 'A'], ['O'], [], ['I-x', 'NN', 'O']];
  for (const tags of none)
    it(`is none in ${tags.join(' ') || 'no tags'}`, () => assert.equal(tagSchemeOf([tags]), undefined));

  it('is IOB2 where the tags follow no scheme throughout', () => {
    assert.equal(tagSchemeOf([['I-x', 'O', 'B-x', 'I-x']]), 'IOB2');
  });

  it('may have no types, and other separators', () => {
    assert.equal(tagSchemeOf([['B', 'M', 'E', 'S']]), 'BMES');
    assert.equal(tagSchemeOf([['B', 'I', 'O']]), 'IOB2');
    assert.deepEqual(parseTag('B_per-x'), { prefix: 'B', type: 'per-x' });
  });
});
