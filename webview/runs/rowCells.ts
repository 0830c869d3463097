import * as l10n from '@vscode/l10n';
import type { Column } from '../../src/catalog/columns.ts';
import type { CellValue, RunRow } from '../../src/protocol/runRow.ts';
import { h, runCssColor, swatch } from '../dom.ts';
import type { LineStyle } from '../panel/compare/lineStyles.ts';

/** Columns whose values are texts of the product, so that they are translated; the others hold names and other data. */
const TRANSLATED: ReadonlySet<string> = new Set(['verdict', 'state', 'starred', 'archived']);

/** Attribute of an element that shows values of a column. */
export function untranslatedColumn({ key, config }: Pick<Column, 'key' | 'config'>): { readonly translate?: 'no' } {
  return TRANSLATED.has(key) && config === undefined ? {} : { translate: 'no' };
}

/** Contents of the cells that are not just text, by column. */
const CONTENTS: Readonly<Record<string, (value: CellValue, text: string) => readonly (Node | string)[]>> = {
  starred: (value) => [
    h('span', { class: value === true ? 'star on' : 'star', 'aria-hidden': 'true' }, value === true ? '★' : '☆'),
    h('span', { class: 'unseen' }, value === true ? l10n.t('starred') : l10n.t('not starred')),
  ],
  tags: (value) => (Array.isArray(value) ? value.map((tag) => h('span', { class: 'tag' }, String(tag))) : []),
};

/** Square in the color of a run. */
export function colorSquare(color: CellValue): HTMLElement {
  const square = h('span', { class: 'color-square', 'aria-hidden': 'true' });
  if (typeof color === 'number' || typeof color === 'string') square.style.backgroundColor = runCssColor(color);
  return square;
}

/** Color of a run: the line of its curve while that is drawn, otherwise a square. */
export function colorMark(color: CellValue, style: LineStyle | undefined): Element {
  return style ? swatch(style.color, style.dash) : colorSquare(color);
}

/** Cell of a run in a column. @param mark makes the mark of the column "Color" */
export function runCell(column: Column, row: RunRow, mark: () => Element): HTMLElement {
  const value = row.values[column.key] ?? null;
  const text = cellText(column, row);
  const contents =
    column.key === 'color'
      ? [mark(), h('span', { class: 'unseen' }, text)]
      : (CONTENTS[column.key]?.(value, text) ?? [text]);
  const title = column.key === 'name' ? describeName(row, text) : text;
  return h(
    'div',
    {
      role: column.key === 'name' ? 'rowheader' : 'gridcell',
      class: `cell ${column.align} ${column.key === 'color' || column.key in CONTENTS ? column.key : ''}`,
      'data-column': column.key,
      ...(text !== '' && { title }),
      ...untranslatedColumn(column),
    },
    ...contents,
  );
}

/** Text of a cell. The state of a waiting run names its place, which a heading of a group does not have. */
function cellText(column: Column, row: RunRow): string {
  const text = column.format(row.values[column.key] ?? null, row);
  const { queue } = row.values;
  return column.key === 'state' && typeof queue === 'number' ? l10n.t('{0}, place {1}', text, queue) : text;
}

/** Name of a run with its note, which has no place in the row. */
function describeName({ values: { note } }: RunRow, name: string): string {
  return typeof note === 'string' ? `${name}\n\n${note}` : name;
}
