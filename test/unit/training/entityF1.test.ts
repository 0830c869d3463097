import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TagScheme } from '../../../src/data/tagged/tagScheme.ts';
import { entitiesOf, entityScores, strictEntitiesOf } from '../../../src/training/entityF1.ts';
import { seeds } from '../../harness/seeds.ts';

const tagsOf = (letters: string) =>
  fc.array(
    fc.oneof(
      fc.constant('O'),
      fc.tuple(fc.constantFrom(...letters), fc.constantFrom('x', 'y')).map((pair) => pair.join('-')),
    ),
    { maxLength: 12 },
  );

/** Start and end of chunks as in the script conlleval.pl, written down rule by rule: an independent count. */
function conlleval(tags: readonly string[]): string[] {
  const found: string[] = [];
  let [before, beforeType, start] = ['O', '', 0];
  [...tags, 'O'].forEach((tag, at) => {
    const [letter, type] = tag === 'O' ? ['O', ''] : [tag.slice(0, 1), tag.slice(2)];
    const pair = `${before}${letter}`;
    let ends = [
      'BB',
      'BS',
      'BO',
      'IB',
      'IS',
      'IO',
      'EE',
      'EI',
      'EO',
      'EB',
      'ES',
      'SB',
      'SI',
      'SE',
      'SO',
      'SS',
    ].includes(pair);
    let starts = [
      'BB',
      'IB',
      'OB',
      'EB',
      'SB',
      'BS',
      'IS',
      'OS',
      'ES',
      'SS',
      'EE',
      'EI',
      'OE',
      'OI',
      'SE',
      'SI',
    ].includes(pair);
    if (before !== 'O' && beforeType !== type) ends = true;
    if (letter !== 'O' && beforeType !== type) starts = true;
    if (ends) found.push(`${start}-${at} ${beforeType}`);
    if (starts) start = at;
    [before, beforeType] = [letter ?? 'O', type ?? ''];
  });
  return found;
}

/** Entities that match a pattern of letters, each of one type, from left to right. */
function matching(tags: readonly string[], pattern: RegExp): string[] {
  // A digit says whether the type is that of the word before.
  const written = tags
    .map((tag, at) => `${tag.slice(0, 1)}${tag.slice(2) === (tags[at - 1] ?? '').slice(2) ? 1 : 0}`)
    .join('');
  return Array.from(written.matchAll(pattern), ({ 0: found, index }) => {
    const start = index / 2;
    return `${start}-${start + found.length / 2} ${(tags[start] ?? '').slice(2)}`;
  });
}

const named = (found: readonly { start: number; end: number; type: string }[]) =>
  found.map(({ start, end, type }) => `${start}-${end} ${type}`);

describe('entities in tags', () => {
  for (const { tags, entities } of [
    { tags: ['O', 'B-x', 'I-x', 'O'], entities: ['1-3 x'] },
    { tags: ['B-x', 'B-x'], entities: ['0-1 x', '1-2 x'] },
    { tags: ['I-x', 'I-x', 'I-y'], entities: ['0-2 x', '2-3 y'] },
    { tags: ['B-x', 'I-y', 'O', 'I-y'], entities: ['0-1 x', '1-2 y', '3-4 y'] },
    { tags: ['B-x', 'M-x', 'E-x', 'S-y', 'U-y', 'L-y'], entities: ['0-3 x', '3-4 y', '4-5 y', '5-6 y'] },
    { tags: [], entities: [] },
  ]) {
    it(`${tags.join(' ') || 'nothing'}: ${entities.join(', ') || 'none'}`, () => {
      assert.deepEqual(named(entitiesOf(tags)), entities);
    });
  }

  it('cover every marked word exactly once', () => {
    fc.assert(
      fc.property(tagsOf('BI'), (tags) => {
        const covered = tags.map(
          (_, at) => entitiesOf(tags).filter(({ start, end }) => start <= at && at < end).length,
        );
        assert.deepEqual(
          covered,
          tags.map((each) => (each === 'O' ? 0 : 1)),
        );
      }),
      seeds(100),
    );
  });

  it('are those of conlleval, for any tags', () => {
    fc.assert(
      fc.property(tagsOf('BIES'), (tags) => assert.deepEqual(named(entitiesOf(tags)), conlleval(tags))),
      seeds(300),
    );
  });

  for (const { scheme, letters, pattern } of [
    { scheme: 'IOB2', letters: 'BI', pattern: /B\d(?:I1)*/g },
    { scheme: 'BIOES', letters: 'BIES', pattern: /B\d(?:I1)*E1|S\d/g },
    { scheme: 'BILOU', letters: 'BILU', pattern: /B\d(?:I1)*L1|U\d/g },
    { scheme: 'BMES', letters: 'BMES', pattern: /B\d(?:M1)*E1|S\d/g },
    { scheme: 'IO', letters: 'I', pattern: /I\d(?:I1)*/g },
  ] as const) {
    it(`in the strict sense of ${scheme} match its pattern, for any tags`, () => {
      fc.assert(
        fc.property(tagsOf(letters), (tags) =>
          assert.deepEqual(named(strictEntitiesOf(tags, scheme)), matching(tags, pattern)),
        ),
        seeds(300),
      );
    });
  }
});

describe('scores of entities', () => {
  interface Published {
    readonly right: readonly string[];
    readonly answer: readonly string[];
    readonly scheme?: TagScheme;
    readonly f1: number;
    readonly strict: number;
  }
  /** Examples in the documentation of seqeval, with the results that it prints; and some more of its rules. */
  const published: Readonly<Record<string, Published>> = {
    'the example of two sentences': {
      right: ['O O O B-MISC I-MISC I-MISC O', 'B-PER I-PER O'],
      answer: ['O O B-MISC I-MISC I-MISC I-MISC O', 'B-PER I-PER O'],
      f1: 0.5,
      strict: 0.5,
    },
    'the example of strict mode': { right: ['B-NP I-NP O'], answer: ['I-NP I-NP O'], f1: 1, strict: 0 },
    'an entity that begins with the wrong type': {
      right: ['B-x I-x O B-y'],
      answer: ['B-x I-y O B-y'],
      f1: 0.4,
      strict: 0.5,
    },
    'the last word of an entity without its end': {
      right: ['B-x E-x S-y'],
      answer: ['B-x I-x S-y'],
      scheme: 'BIOES',
      f1: 1,
      strict: 2 / 3,
    },
    'nothing found': { right: ['B-x I-x'], answer: ['O O'], f1: 0, strict: 0 },
    'nothing there': { right: ['O O'], answer: ['O O'], f1: 0, strict: 0 },
  };
  for (const [name, { right, answer, scheme = 'IOB2', f1, strict }] of Object.entries(published)) {
    it(`are ${f1.toFixed(2)}, strictly ${strict.toFixed(2)}: ${name}`, () => {
      const pairs = right.map((tags, at) => ({ right: tags.split(' '), answer: (answer[at] ?? '').split(' ') }));
      const scores = entityScores(pairs, scheme);
      assert.ok(Math.abs(scores.f1 - f1) < 1e-12, `${scores.f1}`);
      assert.ok(Math.abs(scores.strict.f1 - strict) < 1e-12, `${scores.strict.f1}`);
    });
  }

  it('add up from those of the types', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(tagsOf('BI'), tagsOf('BI')), { maxLength: 5 }), (drawn) => {
        const pairs = drawn.map(([right, answer]) => ({ right, answer }));
        const { precision, recall, types } = entityScores(pairs, 'IOB2');
        const right = pairs.flatMap((pair, at) => conlleval(pair.right).map((each) => `${at} ${each}`));
        const answered = pairs.flatMap((pair, at) => conlleval(pair.answer).map((each) => `${at} ${each}`));
        const hits = answered.filter((each) => right.includes(each)).length;
        assert.equal(precision, answered.length === 0 ? 0 : hits / answered.length);
        assert.equal(recall, right.length === 0 ? 0 : hits / right.length);
        for (const { type, support, recall: found } of types) {
          const ofType = right.filter((each) => each.endsWith(` ${type}`));
          assert.equal(support, ofType.length);
          assert.equal(
            found,
            ofType.length === 0 ? 0 : ofType.filter((each) => answered.includes(each)).length / ofType.length,
          );
        }
      }),
      seeds(100),
    );
  });
});
