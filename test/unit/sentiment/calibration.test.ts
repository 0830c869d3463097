import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fitCalibration } from '../../../scripts/sentiment/calibrate.ts';
import { Generator } from '../../../src/random/generator.ts';
import { probabilitiesOf, temperatureOf } from '../../../src/sentiment/calibration.ts';

describe('calibration', () => {
  it('gives probabilities that sum to 1 and keep the order of the logits', () => {
    const logits = fc.array(fc.double({ min: -500, max: 500, noNaN: true }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(logits, fc.double({ min: 0.05, max: 20, noNaN: true }), (values, temperature) => {
        const probabilities = probabilitiesOf(values, temperature);
        assert.ok(Math.abs(probabilities.reduce((sum, value) => sum + value, 0) - 1) < 1e-12);
        values.forEach((a, i) =>
          values.forEach((b, j) => assert.ok(a <= b ? probabilities[i]! <= probabilities[j]! : true)),
        );
      }),
    );
  });

  it('recovers the temperature by which logits were scaled', () => {
    const generator = Generator.forPurpose(1, 'logits');
    const meant = { base: -0.4, perLogWord: 0.5 };
    const texts = Array.from({ length: 4000 }, () => {
      const words = 6 + Math.floor(30 * generator.nextUniform());
      const logit = 2 * generator.nextNormal();
      const label = Number(generator.nextUniform() < probabilitiesOf([0, logit], 1)[1]!);
      return { logits: [0, logit * temperatureOf(meant, words)], label, words, weight: 1 };
    });
    const found = fitCalibration(texts);
    for (const words of [6, 12, 24, 36])
      assert.ok(Math.abs(temperatureOf(found, words) / temperatureOf(meant, words) - 1) < 0.1, JSON.stringify(found));
  });

  it('treats very short texts as somewhat longer ones', () => {
    const calibration = { base: -1, perLogWord: 0.5 };
    assert.equal(temperatureOf(calibration, 0), temperatureOf(calibration, 5));
    assert.ok(temperatureOf(calibration, 30) > temperatureOf(calibration, 5));
  });
});
