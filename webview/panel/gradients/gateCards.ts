import * as l10n from '@vscode/l10n';
import { activationNames } from '../../../src/protocol/activationNames.ts';
import type { GateStatistics, LayerProbe } from '../../../src/protocol/probes.ts';
import { h } from '../../dom.ts';
import { formatShare } from '../../probes/describeProbe.ts';
import { histogramDrawing, saturationDrawing } from './gateDrawings.ts';
import { rangeOf, describeSaturation } from './describeGates.ts';
import { headingWithHelp } from '../../help.ts';
import { activationTerms } from '../../../src/protocol/glossary/terms.ts';
import { say } from '../../../src/phrases/phrase.ts';

const ABOUT = l10n.t(
  'Distribution of gate activations in the probe. At a saturated value, the slope of the sigmoid is at most 36 % of its maximum, and that of tanh at most 19 %. Each dot is a unit: the x axis shows how often it is above 0.9, the y axis how often it is below 0.1 (Karpathy et al. 2015).',
);

/** Histogram and saturation plot of every gate of a layer. */
export class GateCards {
  readonly element: HTMLElement;
  readonly #cards = h('div', { class: 'gate-cards' });
  /** Gates with an open table. */
  readonly #open = new Set<string>();

  constructor() {
    this.element = h(
      'section',
      { class: 'block', 'aria-label': l10n.t('Gates') },
      headingWithHelp(h('h2', {}, l10n.t('Gate activations')), 'saturation'),
      h('p', { class: 'about' }, ABOUT),
      this.#cards,
    );
  }

  show({ gates }: LayerProbe): void {
    this.element.hidden = gates.length === 0;
    this.#cards.replaceChildren(...gates.map((statistics) => this.#card(statistics)));
  }

  #card(statistics: GateStatistics): HTMLElement {
    const { symbol } = activationNames[statistics.gate];
    const name = say(activationNames[statistics.gate].name);
    const { low, high } = rangeOf(statistics);
    const details = h(
      'details',
      { class: 'gate-table', open: this.#open.has(statistics.gate) },
      h('summary', {}, l10n.t('Table')),
    );
    const fill = () => {
      if (details.open) this.#open.add(statistics.gate);
      else this.#open.delete(statistics.gate);
      if (details.open && !details.querySelector('table')) details.append(tables(statistics, name));
    };
    details.addEventListener('toggle', fill);
    return h(
      'div',
      { class: 'gate-card', 'data-gate': statistics.gate },
      headingWithHelp(h('h3', {}, `${symbol}  ${name}`), activationTerms[statistics.gate]),
      h(
        'div',
        { class: 'drawings' },
        h(
          'div',
          {},
          histogramDrawing(statistics),
          h('div', { class: 'ends', 'aria-hidden': 'true' }, h('span', {}, String(low)), h('span', {}, String(high))),
        ),
        saturationDrawing(statistics),
      ),
      h('p', {}, describeSaturation(statistics)),
      details,
    );
  }
}

/** Tables of the data in the drawings, by bin and by unit. Created when opened, because there are many units. */
function tables(statistics: GateStatistics, name: string): HTMLElement {
  const { histogram, lowByUnit, highByUnit } = statistics;
  const { low, high } = rangeOf(statistics);
  const edge = (bin: number) => (low + ((high - low) * bin) / histogram.length).toFixed(2);
  const bins = histogram.map((share, bin) => row(l10n.t('{0} to {1}', edge(bin), edge(bin + 1)), formatShare(share)));
  const units = lowByUnit.map((share, unit) =>
    row(l10n.t('unit {0}', unit), formatShare(share), formatShare(highByUnit[unit] ?? 0)),
  );
  return h(
    'div',
    { class: 'points', role: 'region', tabindex: '0', 'aria-label': l10n.t('{0}: tables of the values', name) },
    table([l10n.t('values'), l10n.t('share')], bins),
    table([l10n.t('unit'), l10n.t('left-saturated'), l10n.t('right-saturated')], units),
  );
}

function table(heads: readonly string[], rows: readonly HTMLTableRowElement[]): HTMLTableElement {
  return h(
    'table',
    {},
    h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
    h('tbody', {}, ...rows),
  );
}

function row(head: string, ...values: string[]): HTMLTableRowElement {
  return h('tr', {}, h('th', { scope: 'row' }, head), ...values.map((value) => h('td', {}, value)));
}
