import assert from 'node:assert/strict';
import fc from 'fast-check';
import { forecastCsv } from '../../../src/export/tables/forecastCsv.ts';
import type { ReportBlock } from '../../../src/protocol/report.ts';

type ForecastBlock = Extract<ReportBlock, { kind: 'forecast' }>;

/** The forecast after the last of three rows, of which the last step has no interval. */
const next: ForecastBlock = {
  kind: 'forecast',
  title: 'next',
  column: 'load',
  firstRow: 8,
  truth: [1, 2, 3],
  times: ['08', '09', '10', '11', '12'],
  horizon: 1,
  season: null,
  origins: [{ at: 2, values: [4, 5], low: [3.5], high: [4.5] }],
  note: '',
};

describe('the forecast of a report as CSV', () => {
  it('has a row for each step after the last row, with its time and its interval', () => {
    assert.deepEqual(forecastCsv([next])?.trim().split(/\r?\n/), [
      'column,ahead,time,value,low,high',
      'load,1,11,4,3.5,4.5',
      'load,2,12,5,,',
    ]);
  });

  it('names the series of each row if there are several', () => {
    const lines = forecastCsv([
      { ...next, series: 'north, upper' },
      { ...next, series: 'south', times: undefined },
    ])
      ?.trim()
      .split(/\r?\n/);
    assert.deepEqual(lines, [
      'series,column,ahead,time,value,low,high',
      '"north, upper",load,1,11,4,3.5,4.5',
      '"north, upper",load,2,12,5,,',
      'south,load,1,,4,3.5,4.5',
      'south,load,2,,5,,',
    ]);
  });

  it('leaves out forecasts over the truth, and is absent without another one', () => {
    const over: ForecastBlock = { ...next, errors: { model: [1], lastValue: [1], mean: [1] } };
    assert.equal(forecastCsv([over, next]), forecastCsv([next]));
    assert.equal(forecastCsv([over]), undefined);
    assert.equal(forecastCsv([]), undefined);
  });

  it('has every value of every block in its order', () => {
    const number = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(fc.array(number, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 }), (all) => {
        const blocks = all.map((values): ForecastBlock => ({ ...next, origins: [{ at: 2, values }] }));
        const [, ...rows] = forecastCsv(blocks)?.trim().split(/\r?\n/) ?? [];
        assert.deepEqual(
          rows.map((row) =>
            row
              .split(',')
              .slice(1, 4)
              .map(Number)
              .filter((_, at) => at !== 1),
          ),
          all.flatMap((values) => values.map((value, h) => [h + 1, Number(String(value))])),
        );
      }),
    );
  });
});
