import * as l10n from '@vscode/l10n';
import type { PlotPart, ReportCurves, ReportRun } from '../../src/protocol/reportPage.ts';
import { ChangingChart, type ChangingChartOptions } from '../charts/changingChart.ts';
import { formatCount } from '../charts/number.ts';
import { h, setText } from '../dom.ts';
import { reportChart } from './reportChart.ts';
import { reportTable } from './reportTable.ts';

/** Services that a page provides to the plots of a report. */
export interface PlotServices extends Pick<
  ChangingChartOptions,
  'frames' | 'settings' | 'settingsChanged' | 'saveFile'
> {
  /** Opens a run; omitted on a page without the product. */
  readonly openRun?: (id: string) => void;
}

/** A drawn block of a report: a chart or a table with its caption. */
export class PlotView {
  readonly element: HTMLElement;
  readonly #part: PlotPart;
  readonly #id: string;
  readonly #services: PlotServices;
  readonly #notes = h('p', { class: 'notes' });
  readonly #body = h('div', { class: 'plot-body' });
  readonly #chart: ChangingChart | null;
  #note = '';
  #shown = '';

  /**
   * @param id of the chart, which is unique on the page
   * @param heading level of its title
   */
  constructor(id: string, part: PlotPart, heading: 'h2' | 'h3', services: PlotServices) {
    this.#id = id;
    this.#part = part;
    this.#services = services;
    this.#chart =
      part.block.plot === 'table'
        ? null
        : new ChangingChart({
            ...services,
            heading,
            references: () => [],
            marks: () => [],
            emptyText: () => l10n.t('None of these runs has such a curve yet.'),
            missingText: () => this.#note,
          });
    if (this.#chart) this.#body.append(this.#chart.element);
    const { caption } = part.block;
    this.element = h(
      'figure',
      { class: 'report-plot', 'data-line': part.line },
      this.#body,
      this.#notes,
      ...(caption === '' ? [] : [h('figcaption', { translate: 'no' }, caption)]),
    );
  }

  /**
   * @param part the block, with the runs that it names now
   * @param ordinal which of the plots of the same quantity it is, from 1
   */
  show(
    part: PlotPart,
    ordinal: number,
    runs: ReadonlyMap<string, ReportRun>,
    curves: ReadonlyMap<string, ReportCurves>,
  ): void {
    this.element.dataset['line'] = String(part.line);
    const shown = part.runs.flatMap((id) => runs.get(id) ?? []);
    setText(this.#notes, describeFound(part));
    this.#body.hidden = shown.length === 0;
    if (shown.length === 0) return;
    if (this.#chart) {
      const { spec, curves: drawn, note } = reportChart(this.#id, part, shown, curves);
      this.#note = note;
      const title = ordinal === 1 ? spec.title : l10n.t('{0} ({1})', spec.title, ordinal);
      this.#chart.show({ ...spec, title }, drawn);
      return;
    }
    // The focus stays where it is while nothing in the table changes.
    const key = JSON.stringify(shown);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#body.replaceChildren(reportTable(this.#part, shown, this.#services.openRun));
  }
}

/** Why a plot shows none or not all of its runs; empty if it shows all. */
function describeFound({ runs, found, block }: PlotPart): string {
  if (found === 0)
    return l10n.t('No run matches "{0}". Train one, or change the line "runs" of this block.', block.runs);
  if (found <= runs.length) return '';
  return l10n.t(
    'The first {0} of {1} runs. Name fewer runs, or order them with "sort" and choose with "limit".',
    formatCount(runs.length),
    formatCount(found),
  );
}
