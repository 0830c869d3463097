import * as l10n from '@vscode/l10n';
import { COLOR_SLOTS } from '../../src/protocol/runColor.ts';
import type { AnnotationChange } from '../../src/protocol/runsPage.ts';
import type { RunRow } from '../../src/protocol/runRow.ts';
import { button, h } from '../dom.ts';
import { colorSquare } from './rowCells.ts';

/** Part of the dialog that has the focus first. */
export type EditedField = 'name' | 'color' | 'tags' | 'note';

/** Value of a choice of color that is no slot: the color from the id, or one of the user. */
const AUTOMATIC = 'automatic';
const OWN = 'own';

/** Dialog in which the user names, colors, tags and comments runs; for several runs only what they can share. */
export class EditDialog {
  readonly element: HTMLDialogElement;
  readonly #apply: (runs: readonly string[], change: AnnotationChange) => void;
  readonly #closed: () => void;
  readonly #title = h('h2', { id: 'edit-title' });
  readonly #name = h('input', { id: 'edit-name', type: 'text', translate: 'no' });
  readonly #tags = h('input', { id: 'edit-tags', type: 'text', list: 'known-tags', translate: 'no' });
  readonly #known = h('datalist', { id: 'known-tags' });
  readonly #note = h('textarea', { id: 'edit-note', rows: 8, spellcheck: 'true', translate: 'no' });
  readonly #own = h('input', { type: 'color', 'aria-label': l10n.t('Own color') });
  readonly #colors: HTMLElement;
  readonly #single: readonly HTMLElement[];
  #rows: readonly RunRow[] = [];

  constructor(apply: (runs: readonly string[], change: AnnotationChange) => void, closed: () => void) {
    this.#apply = apply;
    this.#closed = closed;
    this.#colors = h(
      'fieldset',
      { class: 'colors' },
      h('legend', {}, l10n.t('Color')),
      ...Array.from({ length: COLOR_SLOTS }, (_, slot) =>
        h(
          'label',
          {},
          this.#radio(String(slot)),
          colorSquare(slot),
          h('span', { class: 'unseen' }, l10n.t('Color {0}', slot + 1)),
        ),
      ),
      h('label', {}, this.#radio(OWN), this.#own),
      h('label', {}, this.#radio(AUTOMATIC), l10n.t('automatic')),
    );
    this.#own.addEventListener('input', () => this.#chooseColor(OWN));
    const labeled = (label: string, control: HTMLElement, hint: string) =>
      h(
        'div',
        { class: 'edit-field' },
        h('label', { for: control.id }, label),
        control,
        ...(hint === '' ? [] : [h('span', { class: 'unit' }, hint)]),
      );
    const name = labeled(l10n.t('Name'), this.#name, '');
    const note = labeled(
      l10n.t('Note'),
      this.#note,
      l10n.t('Markdown. It is stored as note.md in the folder of the run.'),
    );
    this.#single = [name, note];
    const form = h(
      'form',
      { method: 'dialog' },
      this.#title,
      name,
      this.#colors,
      labeled(l10n.t('Tags'), this.#tags, l10n.t('Separate tags by commas.')),
      this.#known,
      note,
      h(
        'div',
        { class: 'edit-actions' },
        h('button', { type: 'submit', class: 'primary' }, l10n.t('Save')),
        button(l10n.t('Cancel'), {}, () => this.element.close()),
      ),
    );
    form.addEventListener('submit', () => this.#save());
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    this.element = h('dialog', { class: 'edit', 'aria-labelledby': 'edit-title' }, form);
    this.element.addEventListener('close', () => this.#closed());
  }

  /** @param tags all tags in use */
  open(rows: readonly RunRow[], field: EditedField, tags: readonly string[]): void {
    this.#rows = rows;
    const [first] = rows;
    if (!first) return;
    const isOne = rows.length === 1;
    this.#title.textContent = isOne ? textOf(first, 'name') : l10n.t('{0} runs', rows.length);
    for (const each of this.#single) each.hidden = !isOne;
    this.#name.value = textOf(first, 'name');
    this.#note.value = textOf(first, 'note');
    this.#tags.value = sharedTags(rows).join(', ');
    this.#known.replaceChildren(...tags.map((tag) => h('option', { value: tag })));
    const { color } = first.values;
    if (typeof color === 'string') this.#own.value = color;
    this.#chooseColor(typeof color === 'string' ? OWN : String(color ?? AUTOMATIC));
    this.element.showModal();
    const controls = { name: this.#name, tags: this.#tags, note: this.#note, color: this.#checked ?? this.#own };
    controls[isOne || field === 'color' ? field : 'tags'].focus();
    if (field === 'name') this.#name.select();
  }

  #radio(value: string): HTMLInputElement {
    return h('input', { type: 'radio', name: 'color', value });
  }

  get #checked(): HTMLInputElement | null {
    return this.#colors.querySelector<HTMLInputElement>('input[type=radio]:checked');
  }

  #chooseColor(value: string): void {
    for (const each of this.#colors.querySelectorAll<HTMLInputElement>('input[type=radio]'))
      each.checked = each.value === value;
  }

  #save(): void {
    const [first] = this.#rows;
    if (!first) return;
    const before = sharedTags(this.#rows);
    const tags = this.#tags.value.split(',').flatMap((tag) => tag.trim() || []);
    const change: AnnotationChange = {
      ...this.#changedColor(first),
      addTags: tags.filter((tag) => !before.includes(tag)),
      removeTags: before.filter((tag) => !tags.includes(tag)),
      ...(this.#rows.length === 1 && this.#changedTexts(first)),
    };
    this.#apply(
      this.#rows.map(({ id }) => id),
      change,
    );
  }

  #changedColor(first: RunRow): AnnotationChange {
    const value = this.#checked?.value ?? AUTOMATIC;
    const { color } = first.values;
    const chosen = value === OWN ? this.#own.value : value;
    if (chosen === String(color)) return {};
    return { color: chosen === AUTOMATIC ? null : chosen };
  }

  #changedTexts(row: RunRow): AnnotationChange {
    const name = this.#name.value.trim();
    return {
      ...(name !== textOf(row, 'name') && { name: name || null }),
      ...(this.#note.value !== textOf(row, 'note') && { note: this.#note.value }),
    };
  }
}

function textOf({ values }: RunRow, key: string): string {
  const value = values[key];
  return typeof value === 'string' ? value : '';
}

/** The tags that all rows have. */
function sharedTags([first, ...others]: readonly RunRow[]): string[] {
  const shared = first ? tagsOf(first) : [];
  return shared.filter((tag) => others.every((row) => tagsOf(row).includes(tag)));
}

export function tagsOf({ values: { tags } }: RunRow): readonly string[] {
  return Array.isArray(tags) ? tags : [];
}
