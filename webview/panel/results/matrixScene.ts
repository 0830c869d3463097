import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../charts/number.ts';
import type { HeatMapScene } from '../../charts/heatMapScene.ts';
import type { ReportBlock } from '../../../src/protocol/report.ts';
import { say } from '../../../src/phrases/phrase.ts';

type MatrixBlock = Extract<ReportBlock, { kind: 'matrix' }>;

/** Width of a letter and limits of the space for labels, in pixels, and longest label in characters. */
const LETTER_WIDTH = 6.2;
const MIN_SPACE = 24;
const MAX_SPACE = 130;
const MAX_LABEL = 20;

/**
 * Builds the heat map of a matrix: colors run from 0 to the largest value, or symmetrically about 0 if any value is
 * negative. Null for a matrix without cells.
 */
export function matrixScene({
  title,
  rowAxis,
  columnAxis,
  rows,
  columns,
  values,
  unit,
  path,
}: MatrixBlock): HeatMapScene | null {
  if (rows.length === 0 || columns.length === 0) return null;
  const signed = values.some((value) => value < 0);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scaled = (value: number) => (largest === 0 ? 0 : value / largest);
  const bytes = Uint8Array.from(values, (value) =>
    Math.round(signed ? 127.5 + 127.5 * scaled(value) : 255 * scaled(value)),
  );
  const axis = (name: string, labels: readonly string[]) => ({
    title: name,
    count: labels.length,
    thinnable: true,
    label: (index: number) => shortened(labels[index] ?? ''),
    name: (index: number) => `${name} ${labels[index] ?? ''}`,
  });
  return {
    title: say(title),
    rows: axis(say(rowAxis), rows),
    columns: axis(say(columnAxis), columns),
    values: bytes,
    holes: null,
    palette: signed ? 'diverging' : 'sequential',
    labelSpace: { left: spaceFor(rows), top: spaceFor(columns) },
    path: path.slice(0, columns.length).map((row, column) => ({ row, column })),
    low: signed ? formatNumber(-largest) : '0',
    high: `${formatNumber(largest)} ${say(unit)}`,
    text: ({ row, column }) => formatNumber(values[row * columns.length + column] ?? 0),
    details: ({ row, column }) => (path[column] === row ? [l10n.t('on the marked path')] : []),
  };
}

/** A label of at most 20 characters. */
export function shortened(label: string): string {
  const letters = [...label];
  return letters.length > MAX_LABEL ? `${letters.slice(0, MAX_LABEL - 1).join('')}…` : label;
}

/** Space for the longest label, in CSS pixels. */
export function spaceFor(labels: readonly string[]): number {
  const longest = labels.reduce((most, label) => Math.max(most, [...shortened(label)].length), 0);
  return Math.min(Math.max(Math.ceil(10 + LETTER_WIDTH * longest), MIN_SPACE), MAX_SPACE);
}
