import * as l10n from '@vscode/l10n';
import type { Column } from '../../../src/catalog/columns.ts';
import { h } from '../../dom.ts';
import { untranslatedColumn } from '../rowCells.ts';
import { choice } from './choice.ts';

/** Selection of a column for an axis. */
export function columnChoice(id: string, chosen: (key: string) => void): HTMLSelectElement {
  return choice(id, [], chosen);
}

/** Offers columns: those of the configuration first, then results and others. */
export function fillColumns(select: HTMLSelectElement, offered: readonly Column[], chosen: Column): void {
  const columns = offered.includes(chosen) ? offered : [chosen, ...offered];
  const keys = columns.map(({ key }) => key).join();
  if (select.dataset.keys !== keys) {
    select.dataset.keys = keys;
    const group = (label: string, some: readonly Column[]) =>
      h('optgroup', { label }, ...some.map((column) => columnOption(column)));
    select.replaceChildren(
      group(
        l10n.t('Configuration'),
        columns.filter(({ config }) => config !== undefined),
      ),
      group(
        l10n.t('Results and others'),
        columns.filter(({ config }) => config === undefined),
      ),
    );
  }
  select.value = chosen.key;
}

function columnOption(column: Column): HTMLOptionElement {
  return h('option', { value: column.key, ...(column.config && untranslatedColumn(column)) }, column.label());
}
