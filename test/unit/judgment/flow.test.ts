import assert from 'node:assert/strict';
import fc from 'fast-check';
import { judgeFlow } from '../../../src/judgment/flow.ts';
import { medianInterval } from '../../../src/judgment/quantiles.ts';
import { FLOW_LIMITS, flowFinding, type Flow, worstFirst } from '../../../src/protocol/flow.ts';
import { Generator } from '../../../src/random/generator.ts';

const WINDOW = 50;

/** Judges sequences whose gradients change by these factors per step. */
function judged(factors: readonly number[], window = WINDOW): Flow {
  const h = factors.map((factor) => Float64Array.from({ length: window + 1 }, (_, lag) => 3 * factor ** lag));
  return judgeFlow({ layer: 'rnn_1', direction: 'forward', h, c: null }, true);
}

/** Factors spread evenly around a middle, on a log scale. */
const around = (middle: number, spread: number, count = 64): number[] =>
  Array.from({ length: count }, (_, index) => middle * spread ** ((2 * index) / (count - 1) - 1));

const close = (value: number | null, expected: number, tolerance = 1e-4): void =>
  assert.ok(value !== null && Math.abs(value / expected - 1) < tolerance, `${value} is about ${expected}`);

describe('the gradient flow of a layer', () => {
  it('has the growth, the ratio at the end and the steps of a geometric decay', () => {
    const flow = judged(around(0.9, 1));
    close(flow.growthPerStep.value, 0.9);
    close(flow.ratioAtEnd, 0.9 ** WINDOW);
    assert.deepEqual([flow.stepsToTenth, flow.stepsToHundredth, flow.stepsToThousandth], [22, 44, null]);
    assert.equal(flow.verdict, 'vanishing');
  });

  for (const [factor, verdict] of [
    [0.9, 'vanishing'],
    [1, 'carries'],
    [1.04, 'carries'],
    [1.1, 'exploding'],
  ] as const) {
    it(`is judged at the end of the window, not at a fixed lag: ${factor} per step is ${verdict}`, () => {
      assert.equal(judged(around(factor, 1)).verdict, verdict);
    });
  }

  it('is mixed where the interval of the median includes a limit, with the shares of the sequences', () => {
    const atLimit = FLOW_LIMITS.vanishing ** (1 / WINDOW);
    const flow = judged(around(atLimit, 1.1));
    assert.equal(flow.verdict, 'mixed');
    assert.deepEqual(flow.share, { vanishing: 0.5, exploding: 0 });
  });

  it('is not ruled by one sequence out of many', () => {
    const flow = judged([...new Array<number>(31).fill(0.8), 1.3]);
    assert.equal(flow.verdict, 'vanishing');
    assert.ok((flow.mean.at(-1) ?? 0) > 1000);
    close(flow.share.exploding, 1 / 32);
  });

  it('judges [h; c] and shows both parts', () => {
    const curve = (factor: number, start: number): Float64Array =>
      Float64Array.from({ length: WINDOW + 1 }, (_, lag) => start * factor ** lag);
    const sequences = new Array<null>(16).fill(null);
    const flow = judgeFlow(
      {
        layer: 'lstm_1',
        direction: 'forward',
        h: sequences.map(() => curve(0.8, 4)),
        c: sequences.map(() => curve(1, 3)),
      },
      false,
    );
    assert.equal(flow.verdict, 'carries');
    close(flow.ratioAtEnd, 3 / 5, 1e-3);
    close(flow.h.at(-1) ?? null, 0.8 ** WINDOW);
    assert.deepEqual([flow.c?.at(-1), flow.singles], [1, []]);
  });

  it('of sequences of several lengths is judged at the end of each', () => {
    const h = [5, 20, 50].map((length) => Float64Array.from({ length: length + 1 }, (_, lag) => 0.5 ** lag));
    const flow = judgeFlow({ layer: 'rnn_1', direction: 'forward', h, c: null }, false);
    close(flow.ratioAtEnd, 0.5 ** 20);
    close(flow.median[50] ?? null, 0.5 ** 50);
  });

  it('counts a gradient that does not arrive as vanishing, and one that overflows as exploding', () => {
    const zero = new Float64Array(WINDOW + 1);
    const huge = Float64Array.from({ length: WINDOW + 1 }, (_, lag) => (lag < 10 ? 1 : lag < 20 ? Infinity : NaN));
    const of = (h: Float64Array) => judgeFlow({ layer: 'rnn_1', direction: 'forward', h: [h, h], c: null }, false);
    assert.deepEqual([of(zero).verdict, of(zero).growthPerStep.value], ['vanishing', null]);
    assert.deepEqual([of(huge).verdict, of(huge).ratioAtEnd], ['exploding', null]);
  });

  it('does not depend on the order of the sequences or on the size of their gradients', () => {
    const factor = fc.double({ min: 0.5, max: 1.5, noNaN: true });
    const scale = fc.double({ min: 1e-12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(factor, scale), { minLength: 1, maxLength: 40 }), (sequences) => {
        const curves = sequences.map(([each, size]) =>
          Float64Array.from({ length: 21 }, (_, lag) => size * each ** lag),
        );
        const of = (h: Float64Array[]) => judgeFlow({ layer: 'a', direction: 'forward', h, c: null }, false);
        const flow = of(curves);
        assert.deepEqual(of([...curves].reverse()), flow);
        const plain = judged(
          sequences.map(([each]) => each),
          20,
        );
        close(flow.ratioAtEnd, plain.ratioAtEnd ?? NaN, 1e-3);
        assert.equal(flow.verdict, plain.verdict);
        for (const [lag, value] of flow.median.entries()) {
          assert.ok((flow.low[lag] ?? 0) <= (value ?? 0) && (value ?? 0) <= (flow.high[lag] ?? 0));
        }
      }),
    );
  });
});

describe('the interval of a median', () => {
  it('contains the true median in about 95 % of samples, for few and many values', () => {
    const generator = Generator.forPurpose(3, 'medians');
    for (const count of [6, 8, 33, 64]) {
      let hits = 0;
      for (let trial = 0; trial < 1000; trial++) {
        const { low, high } = medianInterval(Array.from({ length: count }, () => Math.exp(3 * generator.nextNormal())));
        if (low <= 1 && high >= 1) hits++;
      }
      assert.ok(hits >= 930, `${hits} of 1000 with ${count} values`);
    }
  });

  it('spans all values of a small sample', () => {
    assert.deepEqual(medianInterval([3, 1, 2]), { value: 2, low: 1, high: 3 });
    assert.deepEqual(medianInterval([7]), { value: 7, low: 7, high: 7 });
  });

  it('is narrower for more values', () => {
    const widths = [8, 16, 64].map((count) => {
      const { low, high } = medianInterval(Array.from({ length: count }, (_, index) => index / (count - 1)));
      return high - low;
    });
    assert.ok(
      widths.every((width, index) => index === 0 || width < (widths[index - 1] ?? 0)),
      widths.join(),
    );
  });
});

describe('the findings on gradient flow', () => {
  it('name the worst direction first', () => {
    const order = worstFirst([judged([1]), judged([0.8]), judged([0.5]), judged([1.3])]);
    assert.deepEqual(
      order.map(({ verdict, ratioAtEnd }) => [verdict, Math.sign(Math.log(ratioAtEnd ?? NaN))]),
      [
        ['exploding', 1],
        ['vanishing', -1],
        ['vanishing', -1],
        ['carries', 0],
      ],
    );
    close(order[1]?.growthPerStep.value ?? null, 0.5);
  });

  it('contain the numbers of the sentence', () => {
    const { numbers, layer } = flowFinding(judged(around(0.9, 1)));
    assert.equal(layer, 'rnn_1');
    assert.deepEqual(
      [numbers['window'], numbers['sequences'], numbers['stepsToHundredth'], numbers['shareVanishing']],
      [50, 64, 44, 1],
    );
  });

  it('compare the reach to the distance of the answer, if the task has one', () => {
    const { numbers } = flowFinding(judged(around(0.9, 1)), 40);
    assert.equal(numbers['distance'], 40);
    close(numbers['ratioAtDistance'] ?? null, 0.9 ** 40);
    assert.equal(flowFinding(judged([1])).numbers['distance'], undefined);
  });
});
