import assert from 'node:assert/strict';
import fc from 'fast-check';
import { calendarFeatures } from '../../../../src/data/numeric/calendar.ts';
import {
  describeStep,
  formatTime,
  inferStep,
  stepsBetween,
  timeAfter,
  type TimeStep,
} from '../../../../src/data/numeric/timeStep.ts';
import { say } from '../../../../src/phrases/phrase.ts';

const DAY = 86_400_000;
const times = (...dates: string[]) => Float64Array.from(dates, (date) => Date.parse(`${date}Z`));

describe('the step of a time series', () => {
  it('is found in the calendar', () => {
    const cases: readonly (readonly [string, Float64Array])[] = [
      ['1 month', times('2020-01-01', '2020-02-01', '2020-03-01', '2020-04-01')],
      ['1 month', times('2020-01-31', '2020-02-29', '2020-03-31', '2020-04-30')],
      ['1 quarter', times('2019-12-31', '2020-03-31', '2020-06-30', '2020-09-30')],
      ['1 quarter', times('2019-01-15', '2019-04-15', '2019-07-15')],
      ['1 year', times('1700-01-01', '1701-01-01', '1702-01-01', '1703-01-01')],
      ['1 business day', times('2024-01-04', '2024-01-05', '2024-01-08', '2024-01-09', '2024-01-10')],
      ['1 day', times('2024-01-05', '2024-01-06', '2024-01-07', '2024-01-08')],
      ['1 week', times('2024-01-05', '2024-01-12', '2024-01-19')],
      ['15 minutes', times('2024-01-05T10:00', '2024-01-05T10:15', '2024-01-05T10:30', '2024-01-05T11:30')],
    ];
    for (const [name, own] of cases) {
      const step = inferStep(own);
      assert.ok(step, name);
      assert.equal(say(describeStep(step)), name);
    }
    assert.equal(inferStep(times('2024-01-05', '2024-01-06', '2024-01-09', '2024-01-20')), undefined);
    assert.equal(inferStep(times('2024-01-05')), undefined);
  });

  it('is found in more times than a call has room for arguments', () => {
    const hours = Float64Array.from({ length: 300_000 }, (_, hour) => hour * 3_600_000);
    const step = inferStep(hours);
    assert.ok(step);
    assert.equal(say(describeStep(step)), '1 hour');
  });

  it('leads from each time to the next and is counted back, for every unit', () => {
    const steps: fc.Arbitrary<TimeStep> = fc.oneof(
      fc.integer({ min: 1, max: 10 * DAY }).map((count) => ({ unit: 'millisecond', count }) as const),
      fc.constant({ unit: 'businessDay', count: 1 } as const),
      fc.record({
        unit: fc.constant('month' as const),
        count: fc.integer({ min: 1, max: 24 }),
        isEnd: fc.constant(false),
      }),
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: -20_000, max: 20_000 }), fc.nat({ max: 400 }), (step, day, n) => {
        // A business day, and a day that every month has.
        const monday = (7 * Math.floor(day / 7) + 4) * DAY;
        const start = step.unit === 'month' ? Date.UTC(2000, day, 7, 5) : monday + 3_600_000;
        const time = timeAfter(start, step, n);
        assert.equal(stepsBetween(start, time, step), n);
        assert.equal(timeAfter(time, step, 1), timeAfter(start, step, n + 1));
        assert.ok(timeAfter(start, step, n + 1) > time);
      }),
    );
  });

  it('is the one with which a series was made, with some rows missing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<TimeStep>(
          { unit: 'millisecond', count: 600_000 },
          { unit: 'businessDay', count: 1 },
          { unit: 'month', count: 1, isEnd: true },
          { unit: 'month', count: 3, isEnd: false },
        ),
        fc.uniqueArray(fc.nat({ max: 59 }), { maxLength: 8 }),
        (step, missing) => {
          const start = Date.UTC(2001, 0, step.unit === 'month' && !step.isEnd ? 15 : 31);
          const all = Array.from({ length: 60 }, (_, n) => timeAfter(start, step, n));
          assert.deepEqual(inferStep(Float64Array.from(all.filter((_, n) => !missing.includes(n)))), step);
        },
      ),
    );
  });

  it('names a date, with the time of day where there is one', () => {
    assert.equal(formatTime(Date.UTC(2024, 1, 29)), '2024-02-29');
    const hour = { unit: 'millisecond', count: 3_600_000 } as const;
    assert.equal(formatTime(Date.UTC(2024, 1, 29), hour), '2024-02-29 00:00', 'in a series of hours');
    assert.equal(formatTime(Date.UTC(2024, 1, 29), { ...hour, count: 7 * 24 * hour.count }), '2024-02-29');
    assert.equal(formatTime(Date.UTC(2024, 1, 29, 7, 30)), '2024-02-29 07:30');
    assert.equal(formatTime(Date.UTC(2024, 1, 29, 7, 30, 5)), '2024-02-29 07:30:05');
  });
});

describe('calendar features', () => {
  it('lie on circles, and are equal one cycle later', () => {
    const cycles = ['hour', 'weekday', 'month'] as const;
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }), (date) => {
        const features = calendarFeatures(date.getTime(), cycles);
        assert.equal(features.length, 6);
        for (let i = 0; i < 6; i += 2) assert.ok(Math.abs(Math.hypot(features[i]!, features[i + 1]!) - 1) < 1e-12);
        assert.deepEqual(calendarFeatures(date.getTime() + 7 * DAY, ['hour', 'weekday']), features.slice(0, 4));
      }),
    );
  });
});
