import { h } from '../../dom.ts';
import type { TabName } from '../../../src/protocol/panel.ts';
import type { PanelTab } from './tab.ts';

/** A tab that has nothing to show: it says why, and what to do. */
export class EmptyTab implements PanelTab {
  readonly name: TabName;
  readonly element: HTMLElement;

  constructor(name: TabName, words: string) {
    this.name = name;
    this.element = h('p', { class: 'empty-tab' }, words);
  }

  show(): void {
    return undefined;
  }

  update(): void {
    return undefined;
  }

  appear(): void {
    return undefined;
  }
}
