import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { formatProbability, strengthOf, STRENGTHS } from '../../../../src/host/classification/format.ts';
import { reasonsFor, sentenceAt } from '../../../../src/host/classification/reasons.ts';
import { explanationOf } from './examples.ts';

const LABELS = ['negative', 'positive'];
const ROWS = {
  columns: ['word', 'adds', 'without', 'so far'],
  otherWords: 'others',
  baseline: 'baseline',
  logOdds: 'log odds',
} as const;
const WHOLE = { start: 0, end: Infinity };

describe('reasons in the hover', () => {
  it('list each word, then the baseline and the log odds that they add up to', () => {
    const { table, sparkline: line, hasUnknown, notShown } = reasonsFor(explanationOf('a x'), WHOLE, LABELS, ROWS);
    assert.equal(
      table,
      [
        'word      adds       without  so far',
        'a         +0.10      +0.05    positive 60 %',
        'x ?       +0.10      +0.05    positive 70 %',
        'baseline  +0.02',
        'log odds  +0.22               positive 70 %',
      ].join('\n'),
    );
    assert.equal(line, '▅▆');
    assert.deepEqual({ hasUnknown, notShown }, { hasUnknown: true, notShown: 0 });
  });

  it('of a sentence list only its words', () => {
    const { table } = reasonsFor(explanationOf('one two three four'), { start: 4, end: 14 }, LABELS, ROWS);
    assert.deepEqual(
      table
        ?.split('\n')
        .slice(1)
        .map((row) => row.split('  ')[0]),
      ['two', 'three', 'others', 'baseline', 'log odds'],
    );
    assert.match(table ?? '', /others +\+0\.20\n/);
  });

  it('report the number of words that are not shown', () => {
    const { table = '', notShown } = reasonsFor(explanationOf('word '.repeat(500)), WHOLE, LABELS, {
      ...ROWS,
      columns: ['', '', '', ''],
    });
    const rows = table.split('\n').filter((row) => row.startsWith('word  '));
    assert.ok(rows.length > 10 && rows.length <= 100);
    assert.equal(notShown, 500 - rows.length);
  });

  it('are undefined if no word was explained', () => {
    assert.equal(reasonsFor(explanationOf(''), WHOLE, LABELS, ROWS).table, undefined);
  });

  it('align their columns for words of any width', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^\S+$/), { minLength: 1, maxLength: 10 }), (words) => {
        const { table } = reasonsFor(explanationOf(words.join(' ')), WHOLE, LABELS, ROWS);
        const columns = table
          ?.split('\n')
          .slice(1, -2)
          .map((row) => Array.from(row).join('\u0000').split('\u0000').lastIndexOf('+'));
        assert.equal(new Set(columns).size, 1);
      }),
    );
  });

  it('belong to the sentence at an offset; after the last sentence, to the last', () => {
    const part = (start: number, end: number) => ({
      start,
      end,
      label: '',
      probability: 1,
      probabilities: [],
      unsure: false,
      opinion: 1,
    });
    const sentences = [part(0, 5), part(5, 9)];
    assert.deepEqual(
      [0, 4, 5, 9].map((offset) => sentenceAt(sentences, offset)?.start),
      [0, 0, 5, 5],
    );
  });
});

describe('formatting of probabilities', () => {
  it('sparkline blocks rise with the probability', () => {
    const running = Array.from({ length: 101 }, (_, index) => [1 - index / 100, index / 100]);
    const explanation = explanationOf('word '.repeat(running.length), { running });
    const { sparkline } = reasonsFor(explanation, WHOLE, LABELS, ROWS);
    const blocks = Array.from(sparkline, (block) => block.codePointAt(0) ?? 0);
    assert.deepEqual(
      blocks,
      [...blocks].sort((a, b) => a - b),
    );
    assert.equal(new Set(blocks).size, 8);
  });

  it('probabilities between 0 and 1 are never rounded to 0 % or 100 %', () => {
    assert.deepEqual([1, 0.9999, 0.99, 0.5, 0.001, 0].map(formatProbability), [
      '100 %',
      '>99 %',
      '99 %',
      '50 %',
      '<1 %',
      '0 %',
    ]);
  });

  it('signs are symmetric in the contribution and grow with it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 20, noNaN: true }), (value) => strengthOf(-value) === -strengthOf(value)),
    );
    const strengths = Array.from({ length: 200 }, (_, index) => strengthOf(index / 50));
    assert.deepEqual(
      strengths,
      [...strengths].sort((a, b) => a - b),
    );
    assert.deepEqual(
      [...new Set(strengths)],
      Array.from({ length: STRENGTHS + 1 }, (_, index) => index),
    );
  });
});
