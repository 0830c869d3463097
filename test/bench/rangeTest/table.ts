import { type RatedLoss, readRangeTest } from '../../../src/catalog/study/rangeTest.ts';
import { bestOf, type Measured, rounded } from './runs.ts';
import { RULES } from './rules.ts';
import { median } from '../../../src/judgment/quantiles.ts';

/** Differences that are counted, in the unit of the loss. */
const WITHIN = [0.05, 0.1];

/** Prints what each rule gives for each case, and how much higher its loss is than that of the best rate. */
export function printTable(measured: readonly Measured[]): void {
  const differences = new Map<string, number[]>();
  for (const { name, curve, losses } of measured) {
    const best = bestOf(losses);
    const test = readRangeTest(curve);
    const isRead = typeof test === 'object';
    const found = isRead
      ? `fastest ${short(test.steepest)}, lowest ${short(test.lowest)}, diverges ${test.diverges === null ? '-' : short(test.diverges)}`
      : test;
    console.log(`${name}: best rate ${short(best.rate)}, loss ${best.loss.toFixed(3)}; range test: ${found}`);
    for (const [rule, read] of Object.entries(RULES)) {
      const rate = isRead ? read(test) : null;
      const difference = rate === null ? Infinity : lossBetween(losses, rounded(rate)) - best.loss;
      differences.set(rule, [...(differences.get(rule) ?? []), difference]);
    }
  }
  console.log(`\n| rate | median | ${WITHIN.map((most) => `within ${most}`).join(' | ')} | largest |`);
  console.log(`| --- | --- | ${WITHIN.map(() => '---').join(' | ')} | --- |`);
  for (const [rule, found] of differences) {
    const counts = WITHIN.map((most) => `${found.filter((each) => each <= most).length} of ${found.length}`);
    const [middle, largest] = [median(found), Math.max(...found)].map((each) => each.toFixed(3));
    console.log(`| ${rule} | ${middle} | ${counts.join(' | ')} | ${largest} |`);
  }
}

/** Loss at a rate, on the line between its neighbors over the logarithm of the rate; infinite beyond a divergence. */
function lossBetween(losses: readonly RatedLoss[], rate: number): number {
  const sorted = losses.toSorted((a, b) => a.rate - b.rate);
  const after = sorted.find((each) => each.rate >= rate) ?? { rate, loss: null };
  const before = sorted.findLast((each) => each.rate <= rate) ?? after;
  if (before.rate === after.rate) return before.loss ?? Infinity;
  const share = Math.log(rate / before.rate) / Math.log(after.rate / before.rate);
  return (1 - share) * (before.loss ?? Infinity) + share * (after.loss ?? Infinity);
}

function short(rate: number): string {
  return String(Number(rate.toPrecision(2)));
}
