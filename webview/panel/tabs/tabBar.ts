import { button, h } from '../../dom.ts';
import type { TabName } from '../../../src/protocol/panel.ts';
import type { PanelTab } from './tab.ts';

const LABELS: Readonly<Record<TabName, string>> = {
  loss: 'Loss',
  results: 'Results',
  gradients: 'Gradients',
  gates: 'Gates',
  text: 'Text',
  compare: 'Compare',
};

/** The row of tabs and, below it, the one that is chosen. Arrow keys, Home and End walk along the row. */
export class TabBar {
  readonly element: HTMLElement;
  readonly #tabs: readonly PanelTab[];
  readonly #heads: readonly HTMLButtonElement[];
  readonly #bodies: readonly HTMLElement[];
  readonly #chosen: (tab: PanelTab) => void;

  /** `chosen` hears which tab the user has chosen, when it is on screen. */
  constructor(tabs: readonly PanelTab[], chosen: (tab: PanelTab) => void) {
    this.#tabs = tabs;
    this.#chosen = chosen;
    this.#heads = tabs.map((tab) =>
      button(LABELS[tab.name], { id: `tab-${tab.name}`, role: 'tab', 'aria-controls': `body-${tab.name}` }, () =>
        this.choose(tab),
      ),
    );
    this.#bodies = tabs.map(({ name, element }) =>
      h('div', { id: `body-${name}`, role: 'tabpanel', tabindex: '0', 'aria-labelledby': `tab-${name}` }, element),
    );
    const row = h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Views of the run' }, ...this.#heads);
    row.addEventListener('keydown', (event) => this.#key(event));
    this.element = h('div', { class: 'tabbed' }, row, ...this.#bodies);
  }

  /** Brings a tab on screen. */
  show(tab: PanelTab): void {
    this.#tabs.forEach((each, i) => {
      this.#heads[i]?.setAttribute('aria-selected', String(each === tab));
      this.#heads[i]?.setAttribute('tabindex', each === tab ? '0' : '-1');
      this.#bodies[i]?.toggleAttribute('hidden', each !== tab);
    });
    tab.appear();
  }

  /** Brings a tab on screen, and tells so. */
  choose(tab: PanelTab): void {
    this.show(tab);
    this.#chosen(tab);
  }

  #key(event: KeyboardEvent): void {
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.#tabs.length - 1;
    const at = this.#heads.findIndex((head) => head === document.activeElement);
    const targets: Partial<Record<string, number>> = {
      ArrowLeft: at === 0 ? last : at - 1,
      ArrowRight: at === last ? 0 : at + 1,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    const tab = target === undefined ? undefined : this.#tabs[target];
    if (target === undefined || !tab) return;
    event.preventDefault();
    this.#heads[target]?.focus();
    this.choose(tab);
  }
}
