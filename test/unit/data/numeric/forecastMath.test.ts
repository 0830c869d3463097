import assert from 'node:assert/strict';
import fc from 'fast-check';
import { baselineForecasts, fitBaselines } from '../../../../src/data/numeric/baselines/baselines.ts';
import { fitRegression, regressionForecast } from '../../../../src/data/numeric/baselines/regression.ts';
import { fitSmoothing, smoothingForecasts } from '../../../../src/data/numeric/baselines/smoothing.ts';
import { MetricSums, naiveScale } from '../../../../src/data/numeric/forecastMetrics.ts';
import { findSeason } from '../../../../src/data/numeric/season.ts';
import { suspectedSentinels } from '../../../../src/data/numeric/sentinels.ts';
import { baseStep, chooseTransform, fromWorking, toWorking } from '../../../../src/data/numeric/transform.ts';
import { Generator } from '../../../../src/random/generator.ts';
import { assertClose } from '../../../oracle/compare.ts';

const numbers = (minLength: number, maxLength: number) =>
  fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), { minLength, maxLength });
const series = (length: number, at: (t: number) => number) => Float64Array.from({ length }, (_, t) => at(t));

/** Seeded noise between -1 and 1. */
function noise(length: number, seed = 1): Float64Array {
  const generator = Generator.forPurpose(seed, 'noise');
  return series(length, () => 2 * generator.nextUniform() - 1);
}

/** A number of ordinary size, or 0. */
const value = fc.oneof(
  fc.constant(0),
  fc.double({ min: 0.01, max: 100, noNaN: true }),
  fc.double({ min: -100, max: -0.01, noNaN: true }),
);

describe('metrics of forecasts', () => {
  it('are those of their definitions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, value), {
          minLength: 1,
          maxLength: 30,
        }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (pairs, scale) => {
          const sums = new MetricSums();
          for (const [truth, forecast] of pairs) sums.add(truth, forecast, scale);
          const mean = (of: (truth: number, forecast: number) => number) =>
            pairs.map(([truth, forecast]) => of(truth, forecast)).reduce((a, b) => a + b, 0) / pairs.length;
          const { mae, rmse, smape, mase } = sums.metrics;
          assertClose('MAE', [mae], [mean((y, f) => Math.abs(y - f))], 1e-9);
          assertClose('RMSE', [rmse], [Math.sqrt(mean((y, f) => (y - f) ** 2))], 1e-9);
          assertClose('MASE', [mase ?? NaN], [mean((y, f) => Math.abs(y - f)) / scale], 1e-9);
          const term = (y: number, f: number) =>
            y === 0 && f === 0 ? 0 : Math.abs(y - f) / ((Math.abs(y) + Math.abs(f)) / 2);
          assertClose('sMAPE', [smape], [100 * mean(term)], 1e-9);
          assert.ok(smape <= 200 + 1e-9 && rmse >= mae - 1e-9);
        },
      ),
    );
  });

  it('have a MASE of 1 for the naive forecast within the part that scales it, and none without a scale', () => {
    fc.assert(
      fc.property(numbers(12, 40), fc.integer({ min: 1, max: 5 }), (own, season) => {
        const values = Float64Array.from(own);
        const scale = naiveScale([values], season);
        fc.pre(scale > 1e-6);
        const sums = new MetricSums();
        for (let t = season; t < values.length; t++) sums.add(values[t]!, values[t - season]!, scale);
        assertClose('MASE', [sums.metrics.mase ?? NaN], [1], 1e-9);
      }),
    );
    const sums = new MetricSums();
    sums.add(2, 1, 0);
    assert.equal(sums.metrics.mase, null);
  });
});

describe('baselines', () => {
  it('repeat the last value, the last season and the mean, and never read beyond their origin', () => {
    fc.assert(
      fc.property(
        numbers(30, 60),
        fc.integer({ min: 2, max: 7 }),
        fc.integer({ min: 1, max: 20 }),
        (own, season, ahead) => {
          const values = Float64Array.from(own);
          const fitted = fitBaselines([values], { season, window: 5, horizon: 20 });
          const origin = 15;
          const forecasts = baselineForecasts(values, fitted);
          const changed = baselineForecasts(
            values.map((value, t) => (t > origin ? 1e6 : value)),
            fitted,
          );
          assert.equal(forecasts['last value']?.(origin, ahead), values[origin]);
          assert.equal(
            forecasts['seasonal naive']?.(origin, ahead),
            values[origin - season + 1 + ((ahead - 1) % season)],
          );
          assertClose(
            'mean',
            [forecasts.mean?.(origin, ahead) ?? NaN],
            [own.reduce((a, b) => a + b, 0) / own.length],
            1e-9,
          );
          for (const [name, forecast] of Object.entries(forecasts)) {
            const other = changed[name as keyof typeof changed];
            assert.equal(other?.(origin, ahead), forecast(origin, ahead), name);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('regress on the window as a solution of the normal equations', () => {
    const values = noise(200).map((value, t, all) => value + 0.5 * (all[t - 1] ?? 0));
    const fit = fitRegression([values], { window: 3, horizon: 2 });
    assert.ok(fit);
    // The residuals are orthogonal to every regressor, so no other weights have a smaller squared error.
    for (const ahead of [1, 2]) {
      for (const lag of [0, 1, 2, 3]) {
        let product = 0;
        for (let t = 2; t + 2 < values.length; t++) {
          const residual = values[t + ahead]! - regressionForecast(values, t, fit)[ahead - 1]!;
          product += residual * (lag === 0 ? 1 : values[t - lag + 1]!);
        }
        assert.ok(Math.abs(product) < 1e-3, `${ahead} ${lag}: ${product}`);
      }
    }
    // A recurrence of two steps is found exactly.
    const sine = series(100, (t) => Math.sin(t / 3));
    const exact = fitRegression([sine], { window: 4, horizon: 3 });
    assert.ok(exact);
    assertClose('sine', regressionForecast(sine, 50, exact), [sine[51]!, sine[52]!, sine[53]!], 1e-3);
    assert.equal(fitRegression([sine.subarray(0, 6)], { window: 4, horizon: 3 }), undefined);
  });

  it('smooth as the recursion of simple smoothing, and follow a trend and a season exactly', () => {
    fc.assert(
      fc.property(numbers(3, 30), fc.double({ min: 0.05, max: 0.95, noNaN: true }), (own, alpha) => {
        const values = Float64Array.from(own);
        const forecast = smoothingForecasts(values, { alpha, beta: null, gamma: null, season: 1 });
        let level = own[0]!;
        own.forEach((value, t) => {
          level = alpha * value + (1 - alpha) * level;
          assertClose('level', [forecast(t, 1), forecast(t, 9)], [level, level], 1e-9);
        });
      }),
    );
    const line = series(60, (t) => 3 + 0.5 * t);
    const trend = smoothingForecasts(line, fitSmoothing([line], undefined));
    assertClose('trend', [trend(50, 1), trend(50, 8)], [line[51]!, line[58]!], 1e-6);
    const pattern = [5, -2, 1, 0];
    const seasonal = series(80, (t) => 10 + pattern[t % 4]!);
    const cycle = smoothingForecasts(seasonal, fitSmoothing([seasonal], 4));
    for (let ahead = 1; ahead <= 9; ahead++)
      assertClose('season', [cycle(60, ahead)], [10 + pattern[(60 + ahead) % 4]!], 1e-6);
  });
});

describe('the season of a series', () => {
  it('is found under a trend and noise, and not in a trend, noise or a random walk', () => {
    const random = noise(600);
    for (const period of [4, 7, 12, 24]) {
      const values = series(600, (t) => 0.05 * t + 2 * Math.sin((2 * Math.PI * t) / period) + 0.5 * random[t]!);
      assert.equal(findSeason(values), period);
    }
    assert.equal(findSeason(random), undefined);
    assert.equal(findSeason(series(100, (t) => 2 * t)), undefined);
    for (const seed of [1, 2, 3, 4, 5]) {
      let sum = 0;
      const walk = noise(600, seed).map((value) => (sum += value));
      assert.equal(findSeason(walk), undefined, `seed ${seed}`);
    }
  });
});

describe('transforms of a series', () => {
  it('are undone exactly', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 1e4, noNaN: true }), { minLength: 20, maxLength: 50 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 12 }),
        (own, log, lag, ahead) => {
          const transform = { log, lag };
          const working = own.map((value) => toWorking(value, transform));
          const origin = own.length - 1 - ahead;
          fc.pre(origin + 1 >= lag);
          const base = baseStep(origin, ahead, lag);
          assert.ok(base <= origin && base > origin - lag && (origin + ahead - base) % lag === 0);
          const difference = working[origin + ahead]! - working[base]!;
          assertClose('value', [fromWorking(working[base]! + difference, transform)], [own[origin + ahead]!], 1e-9);
        },
      ),
    );
  });

  it('are chosen by the error of their simplest forecast', () => {
    const random = noise(400);
    let sum = 0;
    const walk = random.map((value) => (sum += value));
    const cycle = (t: number) => Math.sin((2 * Math.PI * t) / 12);
    const choices: readonly (readonly [string, Float64Array, { log: boolean; lag: number }])[] = [
      ['noise', random, { log: false, lag: 0 }],
      ['walk', walk, { log: false, lag: 1 }],
      ['season', series(400, (t) => 5 * cycle(t) + 0.3 * random[t]!), { log: false, lag: 12 }],
      ['growth', series(400, (t) => Math.exp(0.02 * t + 0.3 * cycle(t) + 0.01 * random[t]!)), { log: true, lag: 1 }],
    ];
    for (const [name, values, expected] of choices)
      assert.deepEqual(
        chooseTransform([values], { season: name === 'season' ? 12 : undefined, horizon: 3 }),
        expected,
        name,
      );
  });
});

describe('numbers that mean missing values', () => {
  it('are suspected where they repeat far from all others', () => {
    const usual = series(100, (t) => 20 + 5 * Math.sin(t));
    const marked = (value: number) => usual.map((each, t) => (t % 20 === 7 ? value : each));
    assert.deepEqual(suspectedSentinels(marked(-200)), [{ value: -200, count: 5 }]);
    assert.deepEqual(suspectedSentinels(marked(9999)), [{ value: 9999, count: 5 }]);
    assert.deepEqual(suspectedSentinels(usual), []);
    assert.deepEqual(suspectedSentinels(marked(26)), []);
    assert.deepEqual(suspectedSentinels(usual.map((value, t) => (t === 3 ? -200 : value))), []);
  });
});
