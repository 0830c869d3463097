import * as l10n from '@vscode/l10n';
import { button, h } from '../../dom.ts';
import type { TabName } from '../../../src/protocol/applicable.ts';
import type { PanelTab } from './tab.ts';

const LABELS: Readonly<Record<TabName, string>> = {
  loss: l10n.t('Loss'),
  results: l10n.t('Results'),
  generate: l10n.t('Generate'),
  gradients: l10n.t('Gradients'),
  gates: l10n.t('Gates'),
  explain: l10n.t('Explain'),
  text: l10n.t('Text'),
  compare: l10n.t('Compare'),
};

/** Row of tabs with the selected tab below it. The arrow keys, Home and End select tabs. */
export class TabBar {
  readonly element: HTMLElement;
  readonly #tabs: readonly PanelTab[];
  readonly #heads: readonly HTMLButtonElement[];
  readonly #bodies: readonly HTMLElement[];
  readonly #onChoose: (tab: PanelTab) => void;

  /** @param onChoose called after the user has selected a tab */
  constructor(tabs: readonly PanelTab[], onChoose: (tab: PanelTab) => void) {
    this.#tabs = tabs;
    this.#onChoose = onChoose;
    this.#heads = tabs.map((tab) =>
      button(LABELS[tab.name], { id: `tab-${tab.name}`, role: 'tab', 'aria-controls': `body-${tab.name}` }, () =>
        this.choose(tab),
      ),
    );
    this.#bodies = tabs.map(({ name, element }) =>
      h('div', { id: `body-${name}`, role: 'tabpanel', tabindex: '0', 'aria-labelledby': `tab-${name}` }, element),
    );
    const row = h('div', { class: 'tabs', role: 'tablist', 'aria-label': l10n.t('Views of the run') }, ...this.#heads);
    row.addEventListener('keydown', (event) => this.#key(event));
    this.element = h('div', { class: 'tabbed' }, row, ...this.#bodies);
  }

  /** Removes the tabs that do not apply from the row, and adds those that do. */
  offer(names: readonly TabName[]): void {
    this.#tabs.forEach(({ name }, i) => this.#heads[i]?.toggleAttribute('hidden', !names.includes(name)));
  }

  /** Shows a tab. */
  show(tab: PanelTab): void {
    this.#tabs.forEach((each, i) => {
      this.#heads[i]?.setAttribute('aria-selected', String(each === tab));
      this.#heads[i]?.setAttribute('tabindex', each === tab ? '0' : '-1');
      this.#bodies[i]?.toggleAttribute('hidden', each !== tab);
    });
    tab.appear();
  }

  /** Shows a tab and reports the selection. */
  choose(tab: PanelTab): void {
    this.show(tab);
    this.#onChoose(tab);
  }

  #key(event: KeyboardEvent): void {
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    const offered = this.#heads.filter((head) => !head.hidden);
    const last = offered.length - 1;
    const at = offered.findIndex((head) => head === document.activeElement);
    const targets: Partial<Record<string, number>> = {
      ArrowLeft: at === 0 ? last : at - 1,
      ArrowRight: at === last ? 0 : at + 1,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    const head = target === undefined ? undefined : offered[target];
    const tab = this.#tabs.find((_, i) => this.#heads[i] === head);
    if (!head || !tab) return;
    event.preventDefault();
    head.focus();
    this.choose(tab);
  }
}
