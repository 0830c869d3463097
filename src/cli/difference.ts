import { CHARACTERS } from '../protocol/metrics.ts';
import {
  type ComparedQuantity,
  firstDifferent,
  type NumberDifference,
  quantityLabel,
  type RunDifference,
} from '../protocol/difference.ts';
import { isEqual } from '../runs/difference.ts';
import { textTable } from './textTable.ts';

type Pair = readonly [string, string];

const PAIR = [
  { heading: 'a', align: 'end' },
  { heading: 'b', align: 'end' },
] as const;

/**
 * Difference of the runs `a` and `b` as text: data, trainers, and the first step whose numbers differ. The fields of the
 * configuration are in the table of results.
 */
export function describeRunDifference(difference: RunDifference): string {
  const { data, trainers } = difference;
  const rows: [string, ...Pair][] = [
    ...trainers.map(({ fact, from, values }) => {
      const since = from === 0 ? fact : `${fact} (from step ${from + 1})`;
      return [since, ...shown(values)] as [string, ...Pair];
    }),
    ...data.files.map(({ role, sha256 }) => [`SHA-256 of ${role}`, ...shown(sha256, 12)] as [string, ...Pair]),
  ];
  const table = textTable([{ heading: 'difference', align: 'start' }, ...PAIR], rows);
  const lines = [
    ...(rows.length === 0 ? [] : [table]),
    ...describeData(data),
    ...describeNumbers(difference),
    ...(isEqual(difference) ? ['The runs do not differ.'] : []),
  ];
  return lines.map((line) => (line.endsWith('\n') ? line : `${line}\n`)).join('');
}

function describeData({ equal, files }: RunDifference['data']): string[] {
  if (equal === null) return ['Both runs generate their data.'];
  if (equal) return ['The data is equal byte for byte.'];
  const counted = files.map(({ role, lines }) => {
    if (!lines) return `Data (${role}) differs; the lines are not compared, because a file is missing or has changed.`;
    const least = lines.exact ? '' : 'at least ';
    return `Data (${role}) differs: ${least}${lines.added} lines added, ${least}${lines.removed} lines removed from a to b.`;
  });
  return counted.length > 0 ? counted : ['The data differs.'];
}

function describeNumbers({ quantities, steps }: RunDifference): string[] {
  const ends = steps[0] === steps[1] ? [] : [`The last steps are ${steps[0]} and ${steps[1]}.`];
  if (quantities.length === 0) return ['The runs have no numbers at a step in common.', ...ends];
  const earliest = firstDifferent(quantities);
  const most = Math.max(...quantities.map(({ compared }) => compared));
  if (!earliest?.first) return [`The numbers of all ${most} steps in common are equal bit for bit.`, ...ends];
  const table = textTable(
    [
      { heading: 'numbers', align: 'start' },
      { heading: 'first step', align: 'end' },
      ...PAIR,
      { heading: 'ulps', align: 'end' },
      { heading: 'largest', align: 'end' },
      { heading: 'differing', align: 'end' },
    ],
    quantities.map(quantityRow),
  );
  const label = quantityLabel(earliest, CHARACTERS);
  return [`\nThe numbers differ from step ${earliest.first.step} on, first in: ${label}.\n\n${table}`, ...ends];
}

function quantityRow(quantity: ComparedQuantity): string[] {
  const { first, largest, compared, differing } = quantity;
  return [
    quantityLabel(quantity, CHARACTERS),
    first ? String(first.step) : 'equal',
    ...(first ? first.values.map((each) => String(each ?? 'not finite')) : ['-', '-']),
    String(first?.ulps ?? '-'),
    largest ? `${apart(largest)} at ${largest.step}` : '-',
    `${differing} of ${compared}`,
  ];
}

function apart({ values: [a, b] }: NumberDifference): string {
  return a === null || b === null ? '-' : Math.abs(b - a).toPrecision(3);
}

/** Values as texts, cut off after a number of characters. */
function shown(values: readonly [string | null, string | null], length = Infinity): Pair {
  const text = (value: string | null) => value?.slice(0, length) ?? '-';
  return [text(values[0]), text(values[1])];
}
