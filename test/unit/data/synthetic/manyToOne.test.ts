import assert from 'node:assert/strict';
import fc from 'fast-check';
import { adding } from '../../../../src/data/synthetic/adding.ts';
import { recall } from '../../../../src/data/synthetic/recall.ts';
import type { SequenceBatch } from '../../../../src/data/synthetic/sequenceBatch.ts';
import { SyntheticBatches } from '../../../../src/data/synthetic/syntheticBatches.ts';
import { temporalOrder } from '../../../../src/data/synthetic/temporalOrder.ts';
import { Generator } from '../../../../src/random/generator.ts';

/** Letters by id, and classes named after the order of the marks X and Y. */
const SYMBOLS = ['a', 'b', 'c', 'd', 'X', 'Y'];
const ORDERS = ['XX', 'XY', 'YX', 'YY'];
const MARK_X = SYMBOLS.indexOf('X');

/** Values of one sequence, `width` per step. */
function sequenceOf({ inputs, timeSteps, batch }: SequenceBatch, sequence: number, width: number): number[][] {
  return Array.from({ length: timeSteps }, (_, t) =>
    Array.from({ length: width }, (__, k) => Number(inputs[(t * batch + sequence) * width + k])),
  );
}

const shapes = { seed: fc.nat(), timeSteps: fc.integer({ min: 10, max: 120 }), batch: fc.integer({ min: 1, max: 8 }) };

describe('generated sequences with one target at the end', () => {
  it('temporal order: has two marks, after a tenth and after a half, and the class of their order', () => {
    const check = fc.property(fc.record(shapes), ({ seed, timeSteps, batch }) => {
      const sequences = temporalOrder.generate(timeSteps, batch, Generator.forPurpose(seed, 'test'));
      for (let b = 0; b < batch; b++) {
        const symbols = sequenceOf(sequences, b, 1).flat();
        const marks = symbols.flatMap((symbol, t) => (symbol >= MARK_X ? [{ symbol, t }] : []));
        const [first, second] = marks;
        assert.ok(first && second && marks.length === 2);
        assert.ok(first.t >= 0.1 * timeSteps && first.t < 0.2 * timeSteps, `${first.t} of ${timeSteps}`);
        assert.ok(second.t >= 0.5 * timeSteps && second.t < 0.6 * timeSteps, `${second.t} of ${timeSteps}`);
        assert.equal(
          ORDERS[Number(sequences.targets[b])],
          [first, second].map(({ symbol }) => SYMBOLS[symbol]).join(''),
        );
        assert.ok(symbols.every((symbol) => symbol >= 0 && symbol < SYMBOLS.length));
      }
    });
    fc.assert(check, { seed: 1997 });
  });

  it('temporal order: draws classes and places uniformly', () => {
    const { targets, inputs, timeSteps, batch } = temporalOrder.generate(20, 4000, Generator.forPurpose(1, 'test'));
    const classes = ORDERS.map((_, order) => targets.filter((target: number) => target === order).length);
    assert.ok(
      classes.every((count) => Math.abs(count - 1000) < 120),
      classes.join(),
    );
    const steps = Array.from(
      { length: timeSteps },
      (_, t) => inputs.subarray(t * batch, (t + 1) * batch).filter((symbol: number) => symbol >= MARK_X).length,
    );
    assert.deepEqual(
      steps.flatMap((count, t) => (count > 0 ? t : [])),
      [2, 3, 10, 11],
    );
    assert.ok(
      [2, 3, 10, 11].every((t) => Math.abs(Number(steps[t]) - 2000) < 160),
      steps.join(),
    );
  });

  it('adding: has one mark in each half, and the sum of the marked numbers', () => {
    const check = fc.property(fc.record(shapes), ({ seed, timeSteps, batch }) => {
      const sequences = adding.generate(timeSteps, batch, Generator.forPurpose(seed, 'test'));
      for (let b = 0; b < batch; b++) {
        const steps = sequenceOf(sequences, b, 2);
        const marked = steps.flatMap(([value, mark], t) => (mark === 1 ? [{ value: Number(value), t }] : []));
        assert.ok(
          steps.every(([value, mark]) => Number(value) >= 0 && Number(value) <= 1 && (mark === 0 || mark === 1)),
        );
        assert.deepEqual(
          marked.map(({ t }) => t < Math.floor(timeSteps / 2)),
          [true, false],
        );
        const sum = marked.reduce((total, { value }) => total + value, 0);
        assert.ok(Math.abs(sum - Number(sequences.targets[b])) < 1e-6);
      }
    });
    fc.assert(check, { seed: 1997 });
  });

  it('adding: has a mean squared error of 1/6 for the constant 1', () => {
    const { targets } = adding.generate(10, 20_000, Generator.forPurpose(1, 'test'));
    const error = Array.from(targets).reduce((sum, target) => sum + (target - 1) ** 2, 0) / targets.length;
    assert.ok(Math.abs(error - Number(adding.baselines['always 1'])) < 0.005, String(error));
  });

  it('recall: has one letter among digits, at the distance from the last step, and the letter as its class', () => {
    const place = fc.record({ ...shapes, distance: fc.integer({ min: 1, max: 9 }) });
    const check = fc.property(place, ({ seed, timeSteps, batch, distance }) => {
      const sequences = recall(distance).generate(timeSteps, batch, Generator.forPurpose(seed, 'test'));
      for (let b = 0; b < batch; b++) {
        const symbols = sequenceOf(sequences, b, 1).flat();
        const letters = symbols.flatMap((symbol, t) => (symbol >= 10 ? [[symbol - 10, timeSteps - 1 - t]] : []));
        assert.deepEqual(letters, [[sequences.targets[b], distance]]);
        assert.ok(symbols.every((symbol) => symbol >= 0 && symbol < recall(distance).inputs));
      }
    });
    fc.assert(check, { seed: 1994 });
  });

  for (const [name, task] of Object.entries({ temporalOrder, adding, recall: recall(4) })) {
    it(`${name}: yields different batches and resumes from a stored position`, () => {
      const stream = () => new SyntheticBatches(task, { timeSteps: 12, batchSize: 3 }, Generator.forPurpose(5, 'test'));
      const first = stream();
      const before = first.next();
      const { position } = first;
      const after = first.next();
      assert.notDeepEqual(before, after);
      const second = stream();
      second.seek(position);
      assert.deepEqual(second.next(), after);
    });
  }
});
