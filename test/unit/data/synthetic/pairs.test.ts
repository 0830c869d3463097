import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dates } from '../../../../src/data/synthetic/dates.ts';
import { reversing } from '../../../../src/data/synthetic/reversing.ts';
import { Generator } from '../../../../src/random/generator.ts';

const generator = (seed: number): Generator => Generator.forPurpose(seed, 'pairs');
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Parses a date: month by name, otherwise day and month by their separator. */
function read(text: string): string {
  const [weekday] = /^[a-z]+day\b/i.exec(text) ?? [];
  const month = MONTHS.findIndex((name) => new RegExp(`\\b${name}`, 'i').test(text)) + 1;
  const numbers = [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  const [a = NaN, b = NaN, c = NaN] = numbers;
  const [day, monthNumber, shortYear] =
    month > 0 ? [a, month, b] : text.includes('.') ? [a, b, c] : text.includes('/') ? [b, a, c] : [c, b, a];
  const year = shortYear >= 100 ? shortYear : shortYear >= 50 ? 1900 + shortYear : 2000 + shortYear;
  const date = new Date(Date.UTC(year, monthNumber - 1, day));
  if (weekday)
    assert.equal(
      weekday.toLowerCase(),
      date.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' }).toLowerCase(),
      text,
    );
  return date.toISOString().slice(0, 10);
}

describe('date normalization', () => {
  it('pairs every date format with the ISO date', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        for (const { source, target } of dates.generate(50, generator(seed)))
          assert.equal(read(source), target, source);
      }),
    );
  });

  it('draws from a century, in all formats, with and without lower case', () => {
    const pairs = dates.generate(5000, generator(1));
    const form = (source: string): string =>
      source.replace(/[a-z]+/gi, 'w').replace(/\d+/g, (run) => (run.length === 4 ? 'y' : 'd'));
    // Abbreviated months repeat the form "d w y".
    assert.equal(new Set(pairs.map(({ source }) => form(source))).size, 11);
    assert.ok(
      pairs.some(({ source }) => /[A-Z]/.test(source)) &&
        pairs.some(({ source }) => /^[^A-Z]*[a-z][^A-Z]*$/.test(source)),
    );
    const years = pairs.map(({ target }) => Number(target.slice(0, 4)));
    assert.deepEqual([Math.min(...years), Math.max(...years)], [1950, 2049]);
  });
});

describe('reversing', () => {
  it('pairs words of 1 to the maximum length with their reverse', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(), (longest, seed) => {
        for (const { source, target } of reversing(longest).generate(20, generator(seed))) {
          assert.match(source, new RegExp(`^[a-z]{1,${longest}}$`));
          assert.equal(Array.from(target).toReversed().join(''), source);
        }
      }),
    );
  });
});

describe('generated pairs', () => {
  for (const [title, task] of Object.entries({ dates, reversing: reversing(8) })) {
    it(`${title}: are the same for the same seed only`, () => {
      assert.deepEqual(task.generate(20, generator(1)), task.generate(20, generator(1)));
      assert.notDeepEqual(task.generate(20, generator(1)), task.generate(20, generator(2)));
    });
  }
});
