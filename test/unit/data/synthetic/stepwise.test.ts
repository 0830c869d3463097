import assert from 'node:assert/strict';
import fc from 'fast-check';
import { copying } from '../../../../src/data/synthetic/copying.ts';
import { counting } from '../../../../src/data/synthetic/counting.ts';
import type { StepwiseTask } from '../../../../src/data/synthetic/stepwiseTask.ts';
import { Generator } from '../../../../src/random/generator.ts';
import { errorWith } from '../../../harness/facts.ts';

const generator = (seed: number): Generator => Generator.forPurpose(seed, 'task');

/** Returns each sequence as letters: the inputs, and the targets that count (`.` elsewhere). */
function written(
  task: StepwiseTask,
  timeSteps: number,
  batch: number,
  seed: number,
): { input: string; answer: string }[] {
  const { inputs, targets, weights } = task.generate(timeSteps, batch, generator(seed));
  return Array.from({ length: batch }, (_, sequence) => {
    const places = Array.from({ length: timeSteps }, (_, step) => step * batch + sequence);
    const answerAt = (at: number): string =>
      weights[at] === 1 ? (task.outputSymbols[targets[at] ?? NaN] ?? '?') : '.';
    return {
      input: places.map((at) => task.inputSymbols[inputs[at] ?? NaN] ?? '?').join(''),
      answer: places.map(answerAt).join(''),
    };
  });
}

describe('copying', () => {
  it('has the first ten letters as targets after the mark, and blanks before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 21, max: 60 }), fc.nat(), (timeSteps, seed) => {
        for (const { input, answer } of written(copying, timeSteps, 3, seed)) {
          const letters = input.slice(0, 10);
          assert.match(letters, /^[a-h]{10}$/);
          assert.equal(input, `${letters}${'-'.repeat(timeSteps - 21)}|${'-'.repeat(10)}`);
          assert.equal(answer, '-'.repeat(timeSteps - 10) + letters);
        }
      }),
    );
  });

  it('has the loss of guessing ten of eight letters without memory', () => {
    assert.ok(Math.abs(copying.guessLoss(120) - (10 * Math.log(8)) / 120) < 1e-12);
  });
});

describe('counting', () => {
  it('has as many b as a after X as targets, then the end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 40 }), fc.nat(), (timeSteps, seed) => {
        for (const { input, answer } of written(counting, timeSteps, 3, seed)) {
          const count = input.indexOf('X');
          assert.ok(count >= 1 && 2 * count + 1 <= timeSteps);
          assert.match(input, /^a+Xb+$/);
          assert.equal(
            answer.replaceAll('end', '$'),
            `${'.'.repeat(count)}${'b'.repeat(count)}$${'.'.repeat(timeSteps - 2 * count - 1)}`,
          );
        }
      }),
    );
  });

  it('draws every count that fits', () => {
    const counts = new Set(written(counting, 11, 200, 1).map(({ input }) => input.indexOf('X')));
    assert.deepEqual([...counts].sort(), [1, 2, 3, 4, 5]);
  });

  it('has the loss of the frequencies of b and end after a b as baseline', () => {
    const answers = written(counting, 9, 20_000, 1)
      .map(({ answer }) => answer.replaceAll('.', '').replaceAll('end', '$').slice(1))
      .join('');
    const end = (answers.match(/\$/g)?.length ?? 0) / answers.length;
    const counted = answers.length + 20_000;
    const loss = (-answers.length * (end * Math.log(end) + (1 - end) * Math.log(1 - end))) / counted;
    assert.ok(Math.abs(loss - counting.guessLoss(9)) < 0.01, `${loss} is not ${counting.guessLoss(9)}`);
  });
});

describe('generated sequences', () => {
  for (const [title, task] of Object.entries({ copying, counting })) {
    it(`${title}: are the same for the same seed only`, () => {
      const of = (seed: number) => task.generate(30, 8, generator(seed));
      assert.deepEqual(of(1), of(1));
      assert.notDeepEqual(of(1).inputs, of(2).inputs);
    });

    it(`${title}: report the minimum length of a sequence`, () => {
      assert.doesNotThrow(() => task.generate(task.minTimeSteps, 2, generator(1)));
      assert.throws(
        () => task.generate(task.minTimeSteps - 1, 2, generator(1)),
        errorWith({ name: 'RangeError' }, task.minTimeSteps, task.minTimeSteps - 1),
      );
    });
  }
});
