import * as l10n from '@vscode/l10n';
import type { BasisFacet, ComparableRun, RankedGroup } from '../../../src/protocol/comparison.ts';
import type { ScoredStep } from '../../../src/protocol/events.ts';
import { formatCount } from '../../charts/number.ts';
import { h, setText, swatch } from '../../dom.ts';
import { framedTable } from '../../framedTable.ts';
import { formatLoss } from '../format.ts';
import type { LineStyle } from './lineStyles.ts';
import { describeGroups, differingFacets, facetNames } from './rankingGroups.ts';

/** Table of the compared runs, the lowest validation loss first, with a part for each group of comparable losses. */
export class RankingTable {
  readonly element: HTMLElement;
  readonly #note = h('p', { class: 'verdict', role: 'status' });
  readonly #tables = h('div', { class: 'ranking-tables' });
  #shown = '';

  constructor() {
    this.element = h('div', { class: 'ranking' }, this.#note, this.#tables);
  }

  show(groups: readonly RankedGroup[], runs: readonly ComparableRun[], styles: ReadonlyMap<string, LineStyle>): void {
    const labels = runs.map(({ id, label }) => [id, label] as const);
    const key = JSON.stringify([groups, labels, [...styles]]);
    if (key === this.#shown) return;
    this.#shown = key;
    const facets = differingFacets(groups);
    setText(this.#note, describeGroups(groups));
    const named = new Map(labels);
    this.#tables.replaceChildren(...groups.map((group) => table(group, facets, named, styles)));
  }
}

function table(
  { basis, equalStep, runs }: RankedGroup,
  facets: readonly BasisFacet[],
  labels: ReadonlyMap<string, string>,
  styles: ReadonlyMap<string, LineStyle>,
): HTMLElement {
  const heads = [
    l10n.t('Run'),
    l10n.t('Lowest validation loss'),
    equalStep === null ? l10n.t('At equal steps') : l10n.t('At step {0}', formatCount(equalStep)),
    l10n.t('Last'),
  ];
  const named = facets.map((facet) => `${facetNames[facet]()}: ${basis[facet]}`).join('; ');
  const caption = named === '' ? l10n.t('Validation loss in {0}, lowest first', basis.unit) : named;
  return framedTable(
    caption,
    heads,
    runs.map(({ id, best, last, atEqualStep }) => {
      const style = styles.get(id);
      return h(
        'tr',
        { 'data-run': id },
        h('th', { scope: 'row' }, ...(style ? [swatch(style.color, style.dash)] : []), labels.get(id) ?? id),
        h('td', {}, scored(best)),
        h('td', {}, atEqualStep === null ? l10n.t('no value') : formatLoss(atEqualStep)),
        h('td', {}, scored(last)),
      );
    }),
  );
}

function scored(validation: ScoredStep | null): string {
  return validation
    ? l10n.t('{0} at step {1}', formatLoss(validation.loss), formatCount(validation.step))
    : l10n.t('none yet');
}
