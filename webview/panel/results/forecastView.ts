import * as l10n from '@vscode/l10n';
import { say } from '../../../src/phrases/phrase.ts';
import type { ReportBlock } from '../../../src/protocol/report.ts';
import { ChangingChart } from '../../charts/changingChart.ts';
import { formatCount } from '../../charts/number.ts';
import { button, h, setText } from '../../dom.ts';
import type { TabContext } from '../tabs/tab.ts';
import { BlockFrame, type BlockView } from './blockView.ts';
import {
  describeErrors,
  describeForecast,
  errorCurves,
  errorSpec,
  firstOrigin,
  forecastCurves,
  forecastSpec,
  isContinued,
  rowOf,
  type ForecastBlock,
  type ForecastChoice,
} from './forecastCurves.ts';

/** View of forecasts: one origin at a time over the truth, and the errors by steps ahead. */
export class ForecastView implements BlockView {
  readonly #origin = h('input', {
    type: 'range',
    min: 0,
    step: 1,
    'aria-label': l10n.t('Last row that the model reads'),
  });
  readonly #row = h('output', { class: 'unit' });
  readonly #continued = this.#toggle(
    l10n.t('Continue from Forecasts'),
    l10n.t('The model reads its own forecasts as if they had been observed'),
    () => this.#change({ continued: !this.#choice.continued }),
  );
  readonly #whole = this.#toggle(
    l10n.t('Show All Rows'),
    l10n.t('Show all rows rather than those around the origin'),
    () => this.#change({ whole: !this.#choice.whole }),
  );
  readonly #about = h('p', { class: 'verdict', role: 'status' });
  readonly #errors = h('p', { class: 'verdict' });
  readonly #forecastChart: ChangingChart;
  readonly #errorChart: ChangingChart;
  readonly #controls: HTMLElement;
  readonly #frame: BlockFrame;
  #shown: ForecastBlock | null = null;
  #choice: ForecastChoice = { origin: -1, continued: false, whole: false };

  constructor(title: string, { frames, chartServices }: Pick<TabContext, 'frames' | 'chartServices'>) {
    const chart = (marks: () => { label: string; x: number }[]) =>
      new ChangingChart({
        ...chartServices,
        frames,
        heading: 'h3',
        settings: ({ defaults }) => defaults,
        settingsChanged: () => undefined,
        references: () => [],
        marks,
        emptyText: () => l10n.t('There are no forecasts.'),
        missingText: () => '',
      });
    this.#forecastChart = chart(() =>
      this.#shown ? [{ label: l10n.t('last row read'), x: rowOf(this.#shown, this.#choice.origin) }] : [],
    );
    this.#errorChart = chart(() => []);
    this.#origin.addEventListener('input', () => this.#change({ origin: this.#origin.valueAsNumber }));
    this.#controls = h(
      'div',
      { class: 'forecast-controls' },
      h('label', { class: 'min-weight' }, l10n.t('Forecast after row'), ' ', this.#origin, this.#row),
      h('span', { class: 'tool-group' }, this.#continued, this.#whole),
    );
    this.#frame = new BlockFrame(
      title,
      this.#controls,
      this.#about,
      this.#forecastChart.element,
      this.#errors,
      this.#errorChart.element,
    );
  }

  get element(): HTMLElement {
    return this.#frame.element;
  }

  show(block: ReportBlock): void {
    if (block.kind !== 'forecast') return;
    this.#shown = block;
    if (this.#choice.origin < 0 || this.#choice.origin >= block.origins.length)
      this.#choice = { ...this.#choice, origin: firstOrigin(block) };
    this.#frame.note(say(block.note));
    this.#origin.max = String(block.origins.length - 1);
    this.#continued.hidden = !isContinued(block);
    this.#controls.hidden = block.origins.length === 1 && !isContinued(block);
    setText(this.#errors, describeErrors(block).join(' '));
    this.#errorChart.element.hidden = !block.errors;
    if (block.errors) this.#errorChart.show(errorSpec(block), errorCurves(block));
    this.#draw(block);
  }

  refresh(): void {
    this.#forecastChart.refresh();
    this.#errorChart.refresh();
  }

  #toggle(label: string, title: string, onClick: () => void): HTMLButtonElement {
    return button(label, { class: 'tool', title, 'aria-pressed': 'false' }, onClick);
  }

  #change(change: Partial<ForecastChoice>): void {
    this.#choice = { ...this.#choice, ...change };
    if (this.#shown) this.#draw(this.#shown);
  }

  #draw(block: ForecastBlock): void {
    const { origin, continued, whole } = this.#choice;
    const row = formatCount(rowOf(block, origin));
    this.#origin.value = String(origin);
    this.#origin.setAttribute('aria-valuetext', l10n.t('row {0}', row));
    setText(this.#row, row);
    this.#continued.setAttribute('aria-pressed', String(continued));
    this.#whole.setAttribute('aria-pressed', String(whole));
    setText(this.#about, describeForecast(block, this.#choice));
    this.#forecastChart.show(forecastSpec(block), forecastCurves(block, this.#choice));
  }
}
