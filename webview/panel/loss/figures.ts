import * as l10n from '@vscode/l10n';
import { h, setText } from '../../dom.ts';
import {
  derivedMetrics,
  measuredMetrics,
  type MeasuredMetric,
  type RunUnits,
  type SeriesName,
} from '../../../src/protocol/metrics.ts';
import type { RunProgress } from '../../../src/protocol/panel.ts';
import { scoreLabel } from '../../../src/protocol/scoreLabels.ts';
import { formatMetric } from '../format.ts';
import { scoreTerms, type TermId } from '../../../src/protocol/glossary/terms.ts';
import { helpOn } from '../../help.ts';

/** A figure on screen: a measured metric, or a form of one that derives from it. */
interface Figure {
  readonly key: string;
  /** Series of the measured metric that the value comes from. */
  readonly series: SeriesName;
  readonly label: string;
  readonly term: TermId | undefined;
  readonly unit: string;
  readonly format: (value: number) => string;
}

/**
 * Latest value of each metric at full resolution, in one row. A loss in nats has other forms, bits and perplexity:
 * those of the validation loss are figures, those of the training loss are in its tooltip.
 */
export class Figures {
  readonly element: HTMLElement;
  readonly #list: HTMLElement;
  readonly #figures: readonly (Figure & { readonly forms: readonly Figure[]; readonly node: HTMLElement })[];
  readonly #scores = new Map<string, HTMLElement>();

  /**
   * @param metrics the metrics that the run has
   * @param averaged number of last steps over which the training loss is averaged
   */
  constructor(units: RunUnits, metrics: readonly SeriesName[], averaged: number) {
    const applicable = measuredMetrics.filter(({ key }) => metrics.includes(key));
    this.#figures = applicable.flatMap((metric) => {
      const forms = formsOf(metric, units);
      const shown = 'validation' in metric.from ? forms : [];
      const measured = { ...figureOf(metric, units, metric.key === 'trainLoss' ? averaged : 1), forms, node: h('dd') };
      return [measured, ...shown.map((form) => ({ ...form, forms: [], node: h('dd') }))];
    });
    const items = this.#figures.map(({ key, label, term, node }) => item(key, label, term, node));
    this.#list = h('dl', {}, ...items);
    this.element = h('section', { class: 'figures', 'aria-label': l10n.t('Latest figures') }, this.#list);
  }

  show({ latest, scores }: RunProgress): void {
    for (const { node, series, unit, format, forms } of this.#figures) {
      const value = latest[series];
      setText(node, value === undefined ? '\u2013' : value === null ? l10n.t('not finite') : format(value));
      const others = value == null ? [] : forms.map((form) => `${form.format(value)} ${form.unit}`);
      node.title = [unit, ...others].filter(Boolean).join(', ');
    }
    for (const [name, score] of Object.entries(scores)) setText(this.#score(name), score.toFixed(3));
  }

  /** Figure of a score, added at the first validation. */
  #score(name: string): HTMLElement {
    const known = this.#scores.get(name);
    if (known) return known;
    const node = h('dd');
    this.#scores.set(name, node);
    this.#list.append(item(`score.${name}`, l10n.t('Validation {0}', scoreLabel(name)), scoreTerms.get(name), node));
    return node;
  }
}

function figureOf(metric: MeasuredMetric, units: RunUnits, averaged: number): Figure {
  const { key, term } = metric;
  const label = abbreviate(metric.label(units));
  const unit = metric.unit(units);
  const format = (value: number): string => formatMetric(metric, value, units);
  const figure = { key, series: key, term, label, unit, format };
  return averaged === 1 ? figure : { ...figure, unit: l10n.t('{0}, mean of the last {1} steps', unit, averaged) };
}

/** The metrics that derive from a measured one, labeled by their units. */
function formsOf(metric: MeasuredMetric, units: RunUnits): Figure[] {
  return derivedMetrics
    .filter(({ from }) => from.metric === metric.key && from.applies(units))
    .map((derived) => ({
      key: derived.key,
      term: derived.term,
      series: metric.key,
      label: abbreviate(derived.unit(units)),
      unit: derived.unit(units),
      format: (value: number) => formatMetric(derived, derived.from.map(value), units),
    }));
}

/** Label short enough for one row, such as "Bits/character" and "Characters/s". */
function abbreviate(label: string): string {
  const short = label.replace(' per second', '/s').replace(' per ', '/');
  return short.charAt(0).toUpperCase() + short.slice(1);
}

function item(key: string, label: string, term: TermId | undefined, value: HTMLElement): HTMLElement {
  return h('div', { 'data-metric': key }, h('dt', {}, label, ...(term ? helpOn(term) : [])), value);
}
