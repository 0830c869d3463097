import * as l10n from '@vscode/l10n';
import { formatCsv } from '../../../src/format/csv.ts';
import { formatNumber } from '../../charts/number.ts';
import { button, h, untranslatedName } from '../../dom.ts';
import type { ReportBlock } from '../../../src/protocol/report.ts';
import type { TabContext } from '../tabs/tab.ts';
import { BlockFrame, type BlockView } from './blockView.ts';
import { say, type Text } from '../../../src/phrases/phrase.ts';

type TableBlock = Extract<ReportBlock, { kind: 'table' }>;

/** Number of characters up to which a text stays on one line. */
const SHORT = 12;

/** View of a table. */
export class TableView implements BlockView {
  readonly #head = h('tr');
  readonly #body = h('tbody');
  readonly #frame: BlockFrame;
  #shown: TableBlock | null = null;

  constructor(title: string, { chartServices }: Pick<TabContext, 'chartServices'>) {
    const save = button('CSV', { class: 'tool', 'data-tool': 'csv', title: l10n.t('Save the table as CSV') }, () => {
      if (!this.#shown) return;
      const { columns, rows } = this.#shown;
      chartServices.saveFile('csv', title, formatCsv([columns.map(say), ...rows.map((row) => row.map(spoken))]));
    });
    const table = h('table', { class: 'result-table' }, h('thead', {}, this.#head), this.#body);
    this.#frame = new BlockFrame(
      title,
      h('div', { class: 'tools', role: 'group', 'aria-label': l10n.t('{0}: view', title) }, save),
      h('div', { class: 'points', role: 'region', tabindex: '0', 'aria-label': l10n.t('{0}: table', title) }, table),
    );
  }

  get element(): HTMLElement {
    return this.#frame.element;
  }

  show(block: ReportBlock): void {
    if (block.kind !== 'table') return;
    this.#shown = block;
    this.#frame.note(say(block.note));
    this.#head.replaceChildren(...block.columns.map((name, i) => head(say(name), kindOf(block.rows[0]?.[i]))));
    this.#body.replaceChildren(...block.rows.map((row) => h('tr', {}, ...row.map(cell))));
  }

  refresh(): void {
    // The browser draws the table.
  }
}

function spoken(value: Text | number): string | number {
  return typeof value === 'number' ? value : say(value);
}

function cell(value: Text | number, column: number): HTMLElement {
  const text = typeof value === 'number' ? formatNumber(value) : say(value);
  const isShort = text.length <= SHORT;
  const attributes = { class: isShort ? `${kindOf(value)} short` : kindOf(value), ...untranslatedName(value) };
  return column === 0 ? h('th', { scope: 'row', ...attributes }, text) : h('td', attributes, text);
}

/** Cell above a column. One without a name, above marks that speak for themselves, is no header to a screen reader. */
function head(name: string, kind: string): HTMLElement {
  return name === '' ? h('td', { class: kind }) : h('th', { scope: 'col', class: kind }, name);
}

/** CSS class of a cell: numbers are aligned to the right, text to the left. */
function kindOf(value: Text | number | undefined): 'number' | 'text' {
  return typeof value === 'number' ? 'number' : 'text';
}
