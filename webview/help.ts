import * as l10n from '@vscode/l10n';
import { glossary } from '../src/protocol/glossary/glossary.ts';
import type { TermId } from '../src/protocol/glossary/terms.ts';
import { h } from './dom.ts';
import { formula, isFormulaId } from './math/formula.ts';
import { Popover } from './popover.ts';

/** Creates a button "?" that explains a term in a box, and the box, which belongs after the button. */
export function helpOn(term: TermId): [button: HTMLElement, box: HTMLElement] {
  const title = glossary[term].title();
  const trigger = h(
    'button',
    { type: 'button', class: 'help', 'data-term': term, 'aria-label': l10n.t('What is this: {0}', title) },
    '?',
  );
  const { element } = new Popover(trigger, 'explanation', (box) => box.replaceChildren(...explanationOf(term)));
  element.setAttribute('role', 'note');
  element.setAttribute('aria-label', title);
  return [trigger, element];
}

/** Creates a heading that is followed by the button "?" of a term. */
export function headingWithHelp(heading: HTMLElement, term: TermId): HTMLElement {
  return h('div', { class: 'title' }, heading, ...helpOn(term));
}

/** Title, two sentences, formula and source of a term. */
function explanationOf(term: TermId): Node[] {
  const { title, text, formula: id, source } = glossary[term];
  return [
    h('strong', {}, title()),
    h('p', {}, text()),
    ...(id !== undefined && isFormulaId(id) ? [h('p', { class: 'formula' }, formula(id, true))] : []),
    h('p', { class: 'source' }, l10n.t('Source:'), ' ', h('a', { href: source.url, translate: 'no' }, source.label)),
  ];
}
