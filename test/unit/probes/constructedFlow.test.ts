import assert from 'node:assert/strict';
import { largestSingularValue } from '../../../src/probes/singularValue.ts';
import { Float64Matrix } from '../../../src/kernels/float64Matrix.ts';
import {
  CONSTRUCTED_ACTIVATIONS,
  CONSTRUCTED_MATRICES,
  constructionLessonContract,
  type ConstructionRequest,
} from '../../../src/protocol/lessons/construction.ts';
import { Generator } from '../../../src/random/generator.ts';
import { constructFlow } from '../../../src/probes/constructedFlow.ts';
import { singularValues } from '../../../src/probes/singularValues.ts';

const linear: ConstructionRequest = { gain: 1, activation: 'linear', matrix: 'orthogonal', lag: 50, seed: 1 };
const GAINS = [0.5, 0.9, 1, 1.1, 1.5, 2];

function close(actual: number | null | undefined, expected: number, relative = 1e-5): void {
  assert.ok(actual != null && Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual}, ${expected}`);
}

describe('gradient flow by construction', () => {
  it('is the power of the gain for a linear network with an orthogonal matrix, at every lag', () => {
    for (const gain of GAINS)
      for (const seed of [1, 2]) {
        const { flow, singularValues: sigma } = constructFlow({ ...linear, gain, seed });
        flow.median.forEach((value, lag) => close(value, gain ** lag));
        close(flow.growthPerStep.value, gain);
        for (const value of sigma) close(value, gain);
      }
  });

  it('grows to 117 times the start and shrinks to 0.005 of it over 50 steps', () => {
    const at = (gain: number) => constructFlow({ ...linear, gain }).flow;
    close(at(1.1).ratioAtEnd, 117.39);
    assert.equal(at(1.1).verdict, 'exploding');
    close(at(0.9).ratioAtEnd, 0.0051538);
    assert.equal(at(0.9).verdict, 'vanishing');
    assert.equal(at(0.9).stepsToHundredth, Math.ceil(Math.log(0.01) / Math.log(0.9)));
    assert.equal(at(1).verdict, 'carries');
  });

  it('never exceeds the power of the largest singular value', () => {
    for (const activation of CONSTRUCTED_ACTIVATIONS)
      for (const matrix of CONSTRUCTED_MATRICES)
        for (const gain of GAINS) {
          const { flow, singularValues: sigma } = constructFlow({ gain, activation, matrix, lag: 30, seed: 3 });
          const [largest = 0] = sigma;
          flow.high.forEach((value, lag) => assert.ok(value !== null && value <= largest ** lag * (1 + 1e-5)));
        }
  });

  it('vanishes with a Gaussian matrix whose largest singular value is above 1', () => {
    for (const seed of [1, 2, 3]) {
      const { flow, singularValues: sigma } = constructFlow({ ...linear, matrix: 'gaussian', gain: 0.8, seed });
      assert.ok((sigma[0] ?? 0) > 1.3);
      assert.equal(flow.verdict, 'vanishing');
    }
  });

  it('shrinks where an activation has slopes below 1', () => {
    for (const activation of ['tanh', 'relu'] as const) {
      const { flow } = constructFlow({ ...linear, activation, gain: 1.1 });
      assert.ok((flow.growthPerStep.value ?? 2) < 1.1, activation);
    }
  });

  it('fits its contract, and is the same for the same seed', () => {
    for (const lag of [5, 100]) {
      const result = constructFlow({ ...linear, activation: 'relu', matrix: 'gaussian', gain: 2, lag });
      assert.deepEqual(constructionLessonContract.workConstruction.result.parse(result), result);
      assert.equal(result.flow.median.length, lag + 1);
      assert.deepEqual(constructFlow({ ...linear, activation: 'relu', matrix: 'gaussian', gain: 2, lag }), result);
    }
  });
});

describe('singular values', () => {
  const random = (rows: number, columns: number, seed: number) => {
    const generator = Generator.forPurpose(seed, 'matrix');
    return Float64Array.from({ length: rows * columns }, () => generator.nextNormal());
  };

  it('begin with the largest one, and their squares sum to those of the entries', () => {
    for (const [rows, columns] of [
      [1, 1],
      [3, 3],
      [7, 4],
      [50, 50],
    ] as const) {
      const values = random(rows, columns, rows);
      const sigma = singularValues(values, columns);
      const matrix = new Float64Matrix(rows, columns, values);
      close(
        sigma[0],
        largestSingularValue({
          columns,
          apply: (x) => matrix.timesTransposed(x),
          applyTransposed: (y) => matrix.times(y),
        }),
      );
      close(
        sigma.reduce((sum, value) => sum + value ** 2, 0),
        values.reduce((sum, value) => sum + value ** 2, 0),
        1e-12,
      );
      assert.deepEqual(
        sigma,
        sigma.toSorted((a, b) => b - a),
      );
    }
  });

  it('are those of a diagonal matrix, and zero for dependent columns', () => {
    assert.deepEqual(singularValues([-3, 0, 0, 2], 2), [3, 2]);
    const [first, second] = singularValues([1, 2, 2, 4], 2);
    close(first, 5, 1e-12);
    assert.ok((second ?? 1) < 1e-12);
  });
});
