import assert from 'node:assert/strict';
import { Answers } from '../../../../src/host/classification/answers.ts';
import { explanationOf } from './examples.ts';

const classification = {
  answer: explanationOf('good'),
  explanation: explanationOf('good'),
  labels: ['negative', 'positive'],
  model: { name: 'bundled', folder: null, showsGates: false, version: '' },
};
const change = (rangeOffset: number, rangeLength: number, text: string) => ({ rangeOffset, rangeLength, text });

describe('Answers', () => {
  it('move when text is typed before them, and disappear when their own text is edited', () => {
    const answers = new Answers();
    const { id } = answers.addPending('a', { start: 10, end: 20 });
    answers.complete('a', id, classification);
    assert.equal(answers.applyChanges('a', [change(2, 1, 'xyz')]), false);
    assert.deepEqual(
      answers.of('a').map(({ start, end }) => [start, end]),
      [[12, 22]],
    );
    assert.equal(answers.applyChanges('a', [change(30, 0, 'behind')]), false);
    assert.equal(answers.applyChanges('a', [change(22, 0, 'er')]), true, 'its last word may be extended');
    assert.deepEqual(answers.of('a'), []);
  });

  it('apply several changes of one edit from the end of the document', () => {
    const answers = new Answers();
    answers.addPending('a', { start: 10, end: 20 });
    answers.applyChanges('a', [change(40, 2, ''), change(5, 0, '12345'), change(0, 3, '')]);
    assert.deepEqual(
      answers.of('a').map(({ start, end }) => [start, end]),
      [[12, 22]],
    );
  });

  it('discard an answer whose text has changed', () => {
    const answers = new Answers();
    const { id } = answers.addPending('a', { start: 0, end: 5 });
    answers.applyChanges('a', [change(3, 1, '')]);
    assert.equal(answers.complete('a', id, classification), false);
    assert.deepEqual(answers.of('a'), []);
  });

  it('are replaced by newer answers that overlap them', () => {
    const answers = new Answers();
    for (const [start, end] of [
      [0, 5],
      [5, 9],
      [8, 12],
    ] as const)
      answers.complete('a', answers.addPending('a', { start, end }).id, classification);
    assert.deepEqual(
      answers.of('a').map(({ start }) => start),
      [0, 8],
    );
    assert.equal(answers.at('a', 12)?.start, 8, 'the end belongs to it, because the label is there');
    assert.equal(answers.at('a', 6), undefined);
    assert.equal(answers.at('b', 1), undefined);
  });
});
