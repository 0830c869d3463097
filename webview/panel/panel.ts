import { formatCount } from '../charts/number.ts';
import { applyChange, noPoints, type Points } from '../charts/points.ts';
import type { ChartSpec, Reference } from '../charts/spec.ts';
import { h, setText } from '../dom.ts';
import { Frames } from '../frames.ts';
import { connect } from '../../src/protocol/rpc.ts';
import {
  panelContract,
  panelHostContract,
  type LatestValues,
  type PanelFunctions,
  type RunView,
  type SampleView,
  type SeriesChange,
  type SeriesName,
} from '../../src/protocol/panel.ts';
import { ChartArea } from './chartArea.ts';
import { lossChart } from './chartSpecs.ts';
import { Figures } from './figures.ts';
import { Header } from './header.ts';
import { Messages } from './messages.ts';
import { StateStore } from './panelState.ts';
import { pictureName } from './pictureName.ts';
import { emptyWords } from './runWords.ts';
import { SampleList } from './sampleList.ts';
import { SamplingForm } from './samplingForm.ts';
import { validationSentence } from './validationWords.ts';
import type { VsCodeApi } from './vscodeApi.ts';
import { webviewPort } from './webviewPort.ts';

const NOTHING_YET: LatestValues = {
  trainLoss: null,
  validationLoss: null,
  gradNorm: null,
  clippedNorm: null,
  learningRate: null,
  charactersPerSecond: null,
};

/** The panel "Sequence Lab": it shows what the host sends, and sends back what the user wants. */
export class Panel implements PanelFunctions {
  readonly #store: StateStore;
  readonly #host;
  readonly #header = new Header((action) => this.#ask(() => this.#host.act(action)));
  readonly #messages = new Messages();
  readonly #figures = new Figures();
  readonly #verdict = h('p', { class: 'verdict', role: 'status' });
  readonly #charts: ChartArea;
  readonly #form = new SamplingForm(
    (sampling) => this.#store.change({ sampling }),
    (sampling) => this.#ask(() => this.#host.sample(sampling)),
  );
  readonly #samples = new SampleList();
  readonly #noRun = h('p', { class: 'no-run', role: 'status' }, 'Waiting for the extension.');
  readonly #content: HTMLElement;
  readonly #curves = new Map<SeriesName, Points>();
  #run: RunView | null = null;
  #latest = NOTHING_YET;
  /** Where to scroll to once the samples are there and the page has its height again. */
  #scrollTo: number | null = null;

  constructor(root: HTMLElement, api: VsCodeApi) {
    this.#store = new StateStore(api);
    this.#host = connect({
      port: webviewPort(api),
      serves: panelContract,
      functions: this,
      calls: panelHostContract,
      onError: (error) => this.fail(error),
    }).remote;
    this.#charts = new ChartArea(
      {
        frames: new Frames(),
        curves: this.#curves,
        references: (spec) => this.#references(spec),
        emptyText: () => emptyWords(this.#run?.state ?? null),
        missingText: (spec) => this.#missing(spec),
        settingsChanged: (spec, settings) =>
          this.#store.change({ charts: { ...this.#store.current.charts, [spec.id]: settings } }),
        savePicture: (format, title, content) => void this.#ask(() =>
          this.#host.savePicture({ format, name: pictureName(this.#run, title), content }),
        ),
        saveCsv: () => void this.#ask(() => this.#host.exportCsv()),
      },
      this.#store,
      this.#verdict,
    );
    const writing = h('section', { class: 'writing', 'aria-labelledby': 'writing' }, h('h2', { id: 'writing' }, 'Samples'), this.#form.element, this.#samples.element);
    this.#content = h('main', { hidden: true }, this.#header.element, this.#messages.element, this.#figures.element, this.#charts.element, writing);
    root.append(this.#noRun, this.#content);
  }

  /** Tells the host that the panel can draw, and which run it showed before. */
  async start(): Promise<void> {
    window.addEventListener('scrollend', () => this.#store.change({ scroll: window.scrollY }));
    await this.#host.ready({ run: this.#store.current.run });
  }

  show(run: RunView | null): void {
    const restored = this.#store.current.run === (run?.id ?? null) ? this.#store.current : null;
    const again = this.#run !== null && this.#run.id === run?.id;
    this.#curves.clear();
    this.#samples.clear();
    setText(this.#verdict, '');
    this.#run = run;
    this.#latest = NOTHING_YET;
    this.#store.change({ run: run?.id ?? null, sampling: restored?.sampling ?? null });
    this.#content.hidden = run === null;
    setText(this.#noRun, run ? '' : 'No run yet. Choose how to train, or open a text file and run "Train LSTM on file" from the command palette.');
    if (run) {
      this.#form.fill(restored?.sampling ?? run.sampling);
      this.#showRun(run);
    }
    this.#charts.refresh();
    if (again) return;
    this.#scrollTo = restored?.scroll ?? 0;
    window.scrollTo(0, this.#scrollTo);
  }

  update({ run, latest }: { run: RunView; latest: LatestValues }): void {
    const redraw = this.#run?.state !== run.state || this.#run.baselines === null;
    this.#run = run;
    this.#latest = latest;
    this.#showRun(run);
    if (redraw) this.#charts.refresh();
  }

  change(changes: readonly SeriesChange[]): void {
    for (const { series, keep, points } of changes) {
      this.#curves.set(series, applyChange(this.#curves.get(series) ?? noPoints, keep, points));
    }
    const changed = new Set(changes.map(({ series }) => series));
    this.#charts.refresh(changed);
    if (this.#run) this.#showFigures(this.#run);
    if (changed.has('validationLoss')) this.#showVerdict();
  }

  samples(samples: readonly SampleView[]): void {
    this.#samples.append(samples);
    if (this.#scrollTo !== null) window.scrollTo(0, this.#scrollTo);
    this.#scrollTo = null;
  }

  /** Shows an error, and has the host write it to its log. */
  fail(error: Error): void {
    this.#messages.showError(error.message);
    this.#host.report({ message: error.stack ?? error.message }).catch((lost: unknown) => console.error(error, lost));
  }

  #showRun(run: RunView): void {
    this.#header.show(run);
    this.#messages.show(run);
    this.#form.show(run);
    this.#showFigures(run);
  }

  /** A figure without a number is not finite if its curve ends so, and else has not come yet. */
  #showFigures({ step }: RunView): void {
    this.#figures.show(step, this.#latest, (figure) => this.#curves.get(figure)?.y.at(-1) === null);
  }

  #showVerdict(): void {
    const { x, y } = this.#curves.get('validationLoss') ?? noPoints;
    const step = x.at(-1);
    if (step === undefined) return;
    setText(this.#verdict, validationSentence(step, y.at(-1) ?? null, this.#run?.baselines ?? null));
  }

  #references(spec: ChartSpec): Reference[] {
    const baselines = this.#run?.baselines;
    if (spec !== lossChart || !baselines) return [];
    return Object.entries(baselines).map(([label, value]) => ({ label, value }));
  }

  #missing(spec: ChartSpec): string {
    const validated = this.#curves.get('validationLoss') ?? noPoints;
    if (spec !== lossChart || validated.x.length > 0) return '';
    return this.#run ? `No validation yet: the first comes at step ${formatCount(this.#run.validateEvery)}.` : '';
  }

  /** Asks something of the host; a refusal is shown in the host's words. */
  async #ask(request: () => Promise<void>): Promise<void> {
    try {
      await request();
    } catch (error) {
      this.#messages.showError(error instanceof Error ? error.message : String(error));
    }
  }
}
