import * as l10n from '@vscode/l10n';
import type { ReportBlock } from '../../../src/protocol/report.ts';
import { formatCount } from '../../charts/number.ts';

export type ConfusionBlock = Extract<ReportBlock, { kind: 'confusion' }>;

/** Sums and rates of a confusion matrix. Rates are null where there is nothing to divide by. */
export interface Confusion {
  readonly classes: readonly string[];
  /** Number of examples of a true class (row) that were predicted as a class (column). */
  readonly count: (row: number, column: number) => number;
  /** Fraction of a true class that was predicted as a class; 0 for a class without examples. */
  readonly share: (row: number, column: number) => number;
  /** Examples of each true class, and predictions of each class. */
  readonly rowSums: readonly number[];
  readonly columnSums: readonly number[];
  readonly recall: readonly (number | null)[];
  readonly precision: readonly (number | null)[];
  readonly total: number;
  readonly accuracy: number | null;
}

/** Computes the sums and rates of a block. */
export function confusionOf({ classes, counts }: ConfusionBlock): Confusion {
  const size = classes.length;
  const indices = classes.map((_, i) => i);
  const count = (row: number, column: number) => counts[row * size + column] ?? 0;
  const rowSums = indices.map((row) => sum(indices.map((column) => count(row, column))));
  const columnSums = indices.map((column) => sum(indices.map((row) => count(row, column))));
  const total = sum(rowSums);
  const hits = indices.map((i) => count(i, i));
  return {
    classes,
    count,
    share: (row, column) => ratio(count(row, column), rowSums[row]) ?? 0,
    rowSums,
    columnSums,
    recall: indices.map((i) => ratio(hits[i] ?? 0, rowSums[i])),
    precision: indices.map((i) => ratio(hits[i] ?? 0, columnSums[i])),
    total,
    accuracy: ratio(sum(hits), total),
  };
}

/** Sentences about the class that is found least often and the largest share of a class that is taken for another. */
export function describeConfusion({ classes, count, share, rowSums, recall }: Confusion, unit: string): string[] {
  const present = classes.map((_, i) => i).filter((i) => (rowSums[i] ?? 0) > 0);
  const lowest = present.reduce<number | undefined>(
    (best, i) => (best === undefined || (recall[i] ?? 0) < (recall[best] ?? 0) ? i : best),
    undefined,
  );
  const errors = present.flatMap((row) =>
    classes.flatMap((_, column) => (row !== column && count(row, column) > 0 ? [{ row, column }] : [])),
  );
  const [first, ...others] = errors;
  if (lowest === undefined) return [];
  if (!first) return [l10n.t('Every class is predicted without an error.')];
  const worst = others.reduce((a, b) => (share(b.row, b.column) > share(a.row, a.column) ? b : a), first);
  return [
    l10n.t(
      '{0} is found least often: recall {1}, {2} of {3} {4}.',
      classes[lowest] ?? '',
      formatShare(recall[lowest] ?? 0),
      formatCount(count(lowest, lowest)),
      formatCount(rowSums[lowest] ?? 0),
      unit,
    ),
    l10n.t(
      'The largest confusion by share: {0} of {1} is predicted as {2} ({3} of {4} {5}).',
      formatShare(share(worst.row, worst.column)),
      classes[worst.row] ?? '',
      classes[worst.column] ?? '',
      formatCount(count(worst.row, worst.column)),
      formatCount(rowSums[worst.row] ?? 0),
      unit,
    ),
  ];
}

/** Formats a fraction in percent. Only 0 is "0 %" and only 1 is "100 %". */
export function formatShare(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 0.1) return '<0.1 %';
  if (percent < 100 && percent >= 99.5) return '>99 %';
  return `${percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)} %`;
}

function ratio(part: number, whole = 0): number | null {
  return whole > 0 ? part / whole : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
