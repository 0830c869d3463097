import { readFileSync } from 'node:fs';
import { timeAfter, type TimeStep, formatTime } from '../../../src/data/numeric/timeStep.ts';
import { Generator } from '../../../src/random/generator.ts';

/** A series of the benchmark as a table of times and values. */
export interface BenchSeries {
  readonly name: string;
  /** What it is, in a few words. */
  readonly about: string;
  readonly horizon: number;
  readonly csv: string;
}

const HOUR: TimeStep = { unit: 'millisecond', count: 3_600_000 };
const DAY: TimeStep = { unit: 'millisecond', count: 86_400_000 };
const MONTH: TimeStep = { unit: 'month', count: 1, isEnd: false };

/** Measured series in the public domain, and series of a known kind. */
export function benchSeries(): BenchSeries[] {
  return [
    { name: 'sunspots', about: 'yearly, measured; an irregular cycle', horizon: 5, csv: measured('sunspots') },
    {
      name: 'sea surface',
      about: 'monthly temperature, measured; a season and El Niño',
      horizon: 6,
      csv: measured('sea-surface-temperature'),
    },
    { name: 'CO₂', about: 'weekly, measured; a trend and a season', horizon: 8, csv: measured('co2') },
    { name: 'load', about: 'hourly; cycles of a day and a week, and noise', horizon: 24, csv: load() },
    { name: 'passengers', about: 'monthly; growth times a season, and noise', horizon: 12, csv: passengers() },
    { name: 'trend and season', about: 'daily; a trend, a week and noise', horizon: 7, csv: trendAndSeason() },
    { name: 'Mackey-Glass', about: 'a chaotic equation with delay 17', horizon: 6, csv: mackeyGlass() },
    { name: 'AR(2)', about: 'an autoregression with a cycle of about 9 steps', horizon: 4, csv: autoregression() },
    { name: 'random walk', about: 'nothing can beat the last value', horizon: 4, csv: randomWalk() },
  ];
}

function measured(name: string): string {
  return readFileSync(new URL(`../series/${name}.csv`, import.meta.url), 'utf8');
}

function table(values: readonly number[], start: number, step: TimeStep): string {
  const rows = values.map((value, t) => `${formatTime(timeAfter(start, step, t))},${value.toFixed(4)}\n`);
  return `time,value\n${rows.join('')}`;
}

/** Hours with two cycles, autocorrelated noise, and lower weekends. */
function load(): string {
  const generator = Generator.forPurpose(1, 'load');
  let noise = 0;
  const values = Array.from({ length: 24 * 7 * 16 }, (_, t) => {
    const [hour, day] = [t % 24, Math.floor(t / 24) % 7];
    noise = 0.8 * noise + generator.nextNormal();
    const cycle = 12 * Math.sin((2 * Math.PI * (hour - 8)) / 24) + 5 * Math.sin((4 * Math.PI * hour) / 24);
    return 100 + cycle * (day < 5 ? 1 : 0.6) - (day < 5 ? 0 : 10) + noise;
  });
  return table(values, Date.UTC(2023, 0, 2), HOUR);
}

/** Months of growth with a season that grows with the level. */
function passengers(): string {
  const generator = Generator.forPurpose(1, 'passengers');
  const values = Array.from({ length: 12 * 25 }, (_, t) =>
    Math.exp(4.7 + 0.008 * t + 0.2 * Math.sin((2 * Math.PI * t) / 12) + 0.03 * generator.nextNormal()),
  );
  return table(values, Date.UTC(1990, 0, 1), MONTH);
}

/** Days with a trend, a weekly pattern and independent noise. */
function trendAndSeason(): string {
  const generator = Generator.forPurpose(1, 'trend and season');
  const week = [3, 1, 0, 0, 2, -2, -4];
  const values = Array.from({ length: 900 }, (_, t) => 50 + 0.02 * t + week[t % 7]! + 0.8 * generator.nextNormal());
  return table(values, Date.UTC(2021, 0, 1), DAY);
}

/** Mackey and Glass 1977 with delay 17, by Euler steps of 0.1; every 6th unit of time is a step. */
function mackeyGlass(): string {
  const [delay, perUnit] = [170, 10];
  const x = Array.from({ length: delay + 1 }, () => 1.2);
  for (let t = delay; x.length < (1200 + 100) * 6 * perUnit; t++) {
    const late = x[t - delay]!;
    x.push(x[t]! + (0.2 * late) / (1 + late ** 10) / perUnit - (0.1 * x[t]!) / perUnit);
  }
  const values = Array.from({ length: 1200 }, (_, n) => x[(100 + n) * 6 * perUnit]!);
  return table(values, Date.UTC(2020, 0, 1), HOUR);
}

function autoregression(): string {
  const generator = Generator.forPurpose(1, 'autoregression');
  const values = [0, 0];
  while (values.length < 1000) values.push(1.3 * values.at(-1)! - 0.75 * values.at(-2)! + generator.nextNormal());
  return table(values, Date.UTC(2020, 0, 1), DAY);
}

function randomWalk(): string {
  const generator = Generator.forPurpose(1, 'random walk');
  let level = 100;
  return table(
    Array.from({ length: 1000 }, () => (level += generator.nextNormal())),
    Date.UTC(2020, 0, 1),
    DAY,
  );
}
