import * as l10n from '@vscode/l10n';
import { say } from '../../../src/phrases/phrase.ts';
import type { Cell, HeatMapScene } from '../../charts/heatMapScene.ts';
import { formatCount } from '../../charts/number.ts';
import { confusionOf, formatShare, type ConfusionBlock } from './confusion.ts';
import { shortened, spaceFor } from './matrixScene.ts';

/** Number that colors a cell and is its first line. */
export type ConfusionMode = 'share' | 'count';

/**
 * Heat map of a confusion matrix. Its last two columns are the recall and the number of examples of each true class, its
 * last two rows the precision and the number of predictions of each class. Null without classes.
 */
export function confusionScene(block: ConfusionBlock, mode: ConfusionMode): HeatMapScene | null {
  const { classes } = block;
  const unit = say(block.unit);
  const size = classes.length;
  if (size === 0) return null;
  const matrix = confusionOf(block);
  const largest = Math.max(1, ...block.counts);
  const percent = (share: number | null | undefined) => (share == null ? '' : formatShare(share));
  const width = size + 2;
  const cells = Array.from({ length: width * width }, (_, i): Cell => ({
    row: Math.floor(i / width),
    column: i % width,
  }));
  const inside = ({ row, column }: Cell) => row < size && column < size;

  /** Text of a cell outside the matrix; empty where the margins cross without a common number. */
  const margin = ({ row, column }: Cell): string => {
    if (row < size) return column === size ? percent(matrix.recall[row]) : formatCount(matrix.rowSums[row] ?? 0);
    if (column < size)
      return row === size ? percent(matrix.precision[column]) : formatCount(matrix.columnSums[column] ?? 0);
    if (row - size !== column - size) return '';
    return row === size ? percent(matrix.accuracy) : formatCount(matrix.total);
  };
  /** Position of a cell on the color scale; null without a color. Rates are on the scale of shares. */
  const level = (cell: Cell): number | null => {
    const { row, column } = cell;
    if (inside(cell)) return mode === 'share' ? matrix.share(row, column) : matrix.count(row, column) / largest;
    if (mode === 'count') return null;
    if (row < size) return column === size ? (matrix.recall[row] ?? null) : null;
    return row === size && column < size ? (matrix.precision[column] ?? null) : null;
  };

  const axis = (name: string, margins: readonly { label: string; name: string }[]) => ({
    title: name,
    count: width,
    thinnable: true,
    label: (index: number) => shortened(classes[index] ?? margins[index - size]?.label ?? ''),
    name: (index: number) => (index < size ? `${name} ${classes[index] ?? ''}` : (margins[index - size]?.name ?? '')),
  });
  const ofClass = { label: l10n.t('precision'), name: l10n.t('precision') };
  const predicted = { label: l10n.t('predictions'), name: l10n.t('predictions of the class') };
  const found = { label: l10n.t('recall'), name: l10n.t('recall') };
  const examples = { label: unit, name: l10n.t('{0} of the class', unit) };
  const rows = axis(say(block.rowAxis), [ofClass, predicted]);
  const columns = axis(say(block.columnAxis), [found, examples]);
  const labels = (of: typeof rows) => Array.from({ length: width }, (_, i) => of.label(i));

  return {
    title: say(block.title),
    rows,
    columns,
    values: Uint8Array.from(cells, (cell) => Math.round(255 * (level(cell) ?? 0))),
    holes: Uint8Array.from(cells, (cell) => Number(level(cell) === null)),
    palette: 'sequential',
    labelSpace: { left: spaceFor(labels(rows)), top: spaceFor(labels(columns)) },
    margins: { rows: 2, columns: 2 },
    low: '0',
    high: mode === 'share' ? l10n.t('100 % of the true class') : `${formatCount(largest)} ${unit}`,
    lines: (cell) => {
      if (!inside(cell)) return [margin(cell)];
      const count = matrix.count(cell.row, cell.column);
      if (count === 0) return [];
      const both = [percent(matrix.share(cell.row, cell.column)), formatCount(count)];
      return mode === 'share' ? both : both.toReversed();
    },
    text: (cell) =>
      inside(cell)
        ? `${formatCount(matrix.count(cell.row, cell.column))} (${percent(matrix.share(cell.row, cell.column))})`
        : margin(cell) || l10n.t('no value'),
    details: (cell) => {
      if (!inside(cell)) return [];
      const { row, column } = cell;
      return [
        l10n.t(
          '{0} of {1} {2} of {3}',
          formatCount(matrix.count(row, column)),
          formatCount(matrix.rowSums[row] ?? 0),
          unit,
          classes[row] ?? '',
        ),
        l10n.t('recall of {0}: {1}', classes[row] ?? '', percent(matrix.recall[row]) || l10n.t('no value')),
        l10n.t('precision of {0}: {1}', classes[column] ?? '', percent(matrix.precision[column]) || l10n.t('no value')),
      ];
    },
  };
}
