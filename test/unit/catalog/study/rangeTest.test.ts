import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type RangeTest, type RatedLoss, readRangeTest } from '../../../../src/catalog/study/rangeTest.ts';
import { Generator } from '../../../../src/random/generator.ts';

const STEPS = 200;
const rateAt = (step: number) => 1e-5 * 1e6 ** (step / (STEPS - 1));

/**
 * A range test whose loss is 4 at low rates, falls by 2 around the rate `fall`, and rises above `rise`.
 * @param noise amplitude of random differences
 */
function curve(fall: number, rise: number, noise = 0): RatedLoss[] {
  const random = Generator.forPurpose(3, 'noise');
  return Array.from({ length: STEPS }, (_, step) => {
    const rate = rateAt(step);
    const fallen = 2 / (1 + (fall / rate) ** 3);
    const risen = 50 * Math.max(0, Math.log10(rate / rise));
    return { rate, loss: 4 - fallen + risen + noise * (random.nextUniform() - 0.5) };
  });
}

/** Reads a curve that can be read. */
function read(...curve: Parameters<typeof readRangeTest>): RangeTest {
  const test = readRangeTest(...curve);
  assert.ok(typeof test === 'object', JSON.stringify(test));
  return test;
}

/** Factor between two rates. */
const factor = (a: number, b: number) => Math.exp(Math.abs(Math.log(a / b)));

describe('reading of a range test', () => {
  it('finds where the loss falls fastest, is lowest and diverges, at any rate and in noise', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -4, max: -1.5, noNaN: true }),
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        (at, noise) => {
          const [fall, rise] = [10 ** at, 10 ** (at + 1.2)];
          const test = read(curve(fall, rise, noise));
          assert.ok(factor(test.steepest, fall) < 2, `${test.steepest} for ${fall}`);
          assert.ok(test.steepest < test.lowest && test.lowest < rise * 1.2, `${test.lowest} for ${rise}`);
          assert.ok(test.suggested < test.lowest && test.suggested > test.lowest / 10);
          assert.ok(test.diverges !== null && factor(test.diverges, rise) < 1.6, `${test.diverges} for ${rise}`);
        },
      ),
    );
  });

  it('does not depend on the unit and the origin of the loss', () => {
    const plain = read(curve(1e-3, 1e-2, 0.1));
    const scaled = read(curve(1e-3, 1e-2, 0.1).map(({ rate, loss }) => ({ rate, loss: 8 * (loss ?? 0) - 64 })));
    const facts = (test: typeof plain) => [test.steepest, test.lowest, test.diverges];
    assert.deepEqual(facts(scaled), facts(plain));
  });

  it('is not moved by the size of the losses after the divergence', () => {
    const [low, high] = [1, 1e6].map((size) =>
      read(curve(1e-3, 1e-2).map(({ rate, loss }) => ({ rate, loss: rate > 0.012 ? 6 + size : loss }))),
    );
    assert.ok(low && high);
    assert.deepEqual(high.smoothed, low.smoothed);
  });

  it('ends at the first loss that is not finite, and names its rate', () => {
    const points = curve(1e-3, 10).map((point, step) => (step >= 120 ? { ...point, loss: null } : point));
    const test = read(points);
    assert.equal(test.smoothed.length, 120);
    assert.equal(test.diverges, rateAt(120));
  });

  it('diverges where the run did, if its losses did not rise before', () => {
    const falling = curve(1e-3, 10).slice(0, 120);
    assert.equal(read(falling).diverges, null);
    assert.equal(read(falling, rateAt(121)).diverges, rateAt(121));
    const risen = read(curve(1e-3, 1e-2));
    assert.equal(read(curve(1e-3, 1e-2), 10).diverges, risen.diverges);
  });

  it('says that nothing diverges if the loss stays low', () => {
    assert.equal(read(curve(1e-3, 100)).diverges, null);
  });

  it('reads nothing of a loss that does not fall, and of few steps, and says which', () => {
    const rising = Array.from({ length: STEPS }, (_, step) => ({ rate: rateAt(step), loss: 2 + step / 100 }));
    const level = Array.from({ length: STEPS }, (_, step) => ({ rate: rateAt(step), loss: 2 }));
    for (const points of [rising, level]) assert.equal(readRangeTest(points), 'no-fall');
    const infinite = curve(1e-3, 1e-2).map((point, step) => (step >= 15 ? { ...point, loss: null } : point));
    for (const points of [curve(1e-3, 1e-2).slice(90, 105), infinite, []])
      assert.equal(readRangeTest(points, 1), 'too-few-steps');
  });
});
