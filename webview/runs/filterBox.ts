import * as l10n from '@vscode/l10n';
import { h, setText } from '../dom.ts';
import type { FilterProblem, Suggestion } from './runTable.ts';

export interface FilterBoxOptions {
  /** Suggestions for a text with the caret at a place. */
  readonly suggest: (text: string, caret: number) => readonly Suggestion[];
  /** Applies a filter. @returns what is wrong with it; null for nothing */
  readonly apply: (text: string) => FilterProblem | null;
  /** Moves the focus to the table. */
  readonly leave: () => void;
}

/** Milliseconds after the last key until an incomplete expression counts as an error. */
const ERROR_DELAY = 600;

/** Characters of the filter that an error shows before and after its place. */
const AROUND = 24;

/** Field for the filter: text or an expression, with a list of completions, and its error below. */
export class FilterBox {
  readonly element: HTMLElement;
  readonly #options: FilterBoxOptions;
  readonly #input = h('input', {
    type: 'text',
    role: 'combobox',
    class: 'filter-input',
    spellcheck: 'false',
    autocomplete: 'off',
    translate: 'no',
    'aria-label': l10n.t('Filter'),
    'aria-autocomplete': 'list',
    'aria-expanded': 'false',
    'aria-controls': 'filter-suggestions',
    'aria-describedby': 'filter-error',
    placeholder: l10n.t('Filter, for example cell = gru and best < 1.6'),
  });
  readonly #list = h('ul', {
    id: 'filter-suggestions',
    class: 'suggestions',
    role: 'listbox',
    'aria-label': l10n.t('Completions'),
    hidden: true,
  });
  readonly #error = h('p', { id: 'filter-error', class: 'filter-error', role: 'status' });
  #suggestions: readonly Suggestion[] = [];
  #chosen = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: FilterBoxOptions) {
    this.#options = options;
    this.element = h('div', { class: 'filter' }, this.#input, this.#list, this.#error);
    this.#input.addEventListener('input', () => this.#typed());
    this.#input.addEventListener('keydown', (event) => this.#pressed(event));
    this.#input.addEventListener('blur', () => this.#close());
    // Keeps the focus in the field while an entry of the list is clicked.
    this.#list.addEventListener('mousedown', (event) => event.preventDefault());
    this.#list.addEventListener('click', ({ target }) => {
      const entry = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
      if (entry) this.#accept(Number(entry.dataset.index));
    });
  }

  get text(): string {
    return this.#input.value;
  }

  /** Sets the text without applying it. */
  set text(text: string) {
    this.#input.value = text;
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  #typed(): void {
    // A list below an empty field would cover the runs; Ctrl+Space opens it.
    if (this.text === '') this.#close();
    else this.#offer();
    this.#apply(false);
  }

  /** @param isOver true to show an error at once, false to wait for further keys */
  #apply(isOver: boolean): void {
    clearTimeout(this.#timer);
    const problem = this.#options.apply(this.text);
    if (!problem || isOver) this.#showProblem(problem);
    else this.#timer = setTimeout(() => this.#showProblem(problem), ERROR_DELAY);
  }

  #showProblem(problem: FilterProblem | null): void {
    this.#input.setAttribute('aria-invalid', String(problem !== null));
    if (!problem) return setText(this.#error, '');
    const { message, position } = problem;
    const before = this.text.slice(Math.max(0, position - AROUND), position);
    const after = this.text.slice(position, position + AROUND);
    this.#error.replaceChildren(
      message,
      ' ',
      h('code', {}, before, h('mark', {}, after.slice(0, 1) || ' '), after.slice(1)),
    );
  }

  #offer(): void {
    const caret = this.#input.selectionStart ?? this.text.length;
    this.#suggestions = this.#options.suggest(this.text, caret);
    this.#chosen = -1;
    this.#list.replaceChildren(
      ...this.#suggestions.map(({ label, detail }, i) =>
        h(
          'li',
          { role: 'option', id: `suggestion-${i}`, 'data-index': i, 'aria-selected': 'false' },
          h('span', { translate: 'no' }, label),
          h('span', { class: 'unit' }, detail),
        ),
      ),
    );
    const isOpen = this.#suggestions.length > 0;
    this.#list.hidden = !isOpen;
    this.#input.setAttribute('aria-expanded', String(isOpen));
    this.#choose(-1);
  }

  #close(): void {
    this.#list.hidden = true;
    this.#suggestions = [];
    this.#input.setAttribute('aria-expanded', 'false');
    this.#choose(-1);
  }

  #choose(index: number): void {
    this.#chosen = index;
    [...this.#list.children].forEach((entry, i) => entry.setAttribute('aria-selected', String(i === index)));
    const entry = this.#list.children[index];
    if (entry) this.#input.setAttribute('aria-activedescendant', entry.id);
    else this.#input.removeAttribute('aria-activedescendant');
    entry?.scrollIntoView({ block: 'nearest' });
  }

  #accept(index: number): void {
    const suggestion = this.#suggestions[index];
    if (!suggestion) return;
    this.#input.value = suggestion.text;
    this.#input.setSelectionRange(suggestion.caret, suggestion.caret);
    this.#typed();
  }

  #pressed(event: KeyboardEvent): void {
    const count = this.#suggestions.length;
    const isOpen = count > 0;
    const keys: Readonly<Record<string, (() => void) | false>> = {
      ArrowDown: () => (isOpen ? this.#choose((this.#chosen + 1) % count) : this.#options.leave()),
      ArrowUp: isOpen && (() => this.#choose((Math.max(this.#chosen, 0) + count - 1) % count)),
      Tab: isOpen && this.#chosen >= 0 && !event.shiftKey && (() => this.#accept(this.#chosen)),
      Enter: () => this.#enter(),
      Escape: () => (isOpen ? this.#close() : this.#clear()),
    };
    const act = event.key === ' ' && event.ctrlKey ? () => this.#offer() : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  #enter(): void {
    if (this.#chosen >= 0) return this.#accept(this.#chosen);
    this.#close();
    this.#apply(true);
  }

  #clear(): void {
    this.#input.value = '';
    this.#apply(true);
  }
}
