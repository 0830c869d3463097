import { neededCurves, readReport } from '../../catalog/report/readReport.ts';
import { reportRuns } from '../../catalog/report/reportRuns.ts';
import type { NeededCurves, ReportContent, ReportCurves } from '../../protocol/reportPage.ts';
import type { RunRow } from '../../protocol/runRow.ts';
import { reportCurves } from '../../runs/reportCurves.ts';
import type { Disposable } from '../disposables.ts';
import { Throttle } from '../panel/throttle.ts';
import { catalogRow, rowState } from '../runs/catalogRow.ts';
import type { RunModel } from '../runs/runModel.ts';

/** Minimum interval between two updates in milliseconds. */
export const UPDATE_MS = 250;

/** Source of the runs that a report may show. */
export interface ReportRunSource {
  /** All runs, newest first. */
  readonly runs: readonly RunModel[];
  run(id: string): RunModel | undefined;
  loadMetrics(id: string): Promise<void>;
  onDidChangeRun(listener: () => void): Disposable;
  onDidChangeList(listener: () => void): Disposable;
}

/** The document of a report. */
export interface ReportSource {
  /** Name of the file, the title of a report without a heading. */
  readonly name: string;
  text(): string;
}

/** The part of the page that shows the report. */
export interface ReportFeedPage {
  show(content: ReportContent): void;
  curves(run: ReportCurves): void;
}

/** Reads a report with the runs as they are now, and sends what has changed to its page. */
export class ReportFeed {
  readonly #runs: ReportRunSource;
  readonly #source: ReportSource;
  readonly #page: ReportFeedPage;
  readonly #onError: (error: unknown) => void;
  readonly #update = new Throttle(UPDATE_MS, () => this.#send());
  /** Rows of the runs, which are expensive to make, with what they were made from. */
  readonly #rows = new Map<string, { readonly state: readonly unknown[]; readonly row: RunRow }>();
  /** Key of the curves that the page has of each run. */
  readonly #sent = new Map<string, string>();
  #content = '';
  #listeners: readonly Disposable[] = [];

  constructor(runs: ReportRunSource, source: ReportSource, page: ReportFeedPage, onError: (error: unknown) => void) {
    this.#runs = runs;
    this.#source = source;
    this.#page = page;
    this.#onError = onError;
  }

  /** Sends everything, and from then on what changes. */
  start(): void {
    this.stop();
    this.#sent.clear();
    this.#content = '';
    const changed = () => this.#update.request();
    this.#listeners = [this.#runs.onDidChangeRun(changed), this.#runs.onDidChangeList(changed)];
    this.#update.call();
  }

  stop(): void {
    this.#update.cancel();
    for (const each of this.#listeners) each.dispose();
    this.#listeners = [];
  }

  /** The document has changed. */
  documentChanged(): void {
    if (this.#listeners.length > 0) this.#update.request();
  }

  /** The whole report, for an export. @throws Error that names a damaged file of a run */
  async whole(): Promise<{ readonly content: ReportContent; readonly curves: ReportCurves[] }> {
    const { content, needed } = this.#read();
    const curves: ReportCurves[] = [];
    for (const [id, needs] of needed) {
      await this.#runs.loadMetrics(id);
      const run = this.#runs.run(id);
      if (run) curves.push(curvesOf(run, needs));
    }
    return { content, curves };
  }

  #send(): void {
    const { content, needed } = this.#read();
    const json = JSON.stringify(content);
    if (json !== this.#content) this.#page.show(content);
    this.#content = json;
    for (const [id, needs] of needed) {
      const run = this.#runs.run(id);
      if (!run || needs.series.size + needs.probes.size === 0) continue;
      // The curves of a stored run are read once. Reading them changes the run, which calls this method again.
      this.#runs.loadMetrics(id).catch(this.#onError);
      const key = curvesKey(run, needs);
      if (this.#sent.get(id) !== key) this.#page.curves(curvesOf(run, needs));
      this.#sent.set(id, key);
    }
  }

  #read(): { readonly content: ReportContent; readonly needed: ReadonlyMap<string, NeededCurves> } {
    const rows = this.#runs.runs.map((run) => this.#rowOf(run));
    const { title, parts } = readReport(this.#source.text(), rows);
    const needed = neededCurves(parts);
    const runs = reportRuns(
      [...needed.keys()].flatMap((id) => {
        const run = this.#runs.run(id);
        if (!run) return [];
        const { config, createdAt, parent, states, annotations, view } = run;
        const { name, batchSize } = view;
        return { id, config, createdAt, parent, states, annotations, name, batchSize, row: this.#rowOf(run) };
      }),
    );
    return { content: { title: title || this.#source.name, parts: [...parts], runs }, needed };
  }

  #rowOf(run: RunModel): RunRow {
    const state = rowState(run);
    const known = this.#rows.get(run.id);
    if (known?.state.every((each, i) => each === state[i])) return known.row;
    const row = catalogRow(run);
    this.#rows.set(run.id, { state, row });
    return row;
  }
}

/** Key that differs whenever the drawn curves differ. */
function curvesKey({ revision, curves, probes, best }: RunModel, needs: NeededCurves): string {
  const lengths = [...needs.series].map((key) => `${key} ${curves.series[key].length}`);
  const shown = [...needs.probes].join();
  const taken = needs.probes.size === 0 ? '' : `${probes.summaries.length} ${probes.latest?.step} ${best?.step}`;
  return [revision, ...lengths, shown, taken].join();
}

function curvesOf(run: RunModel, needs: NeededCurves): ReportCurves {
  const { id, curves, probes, best } = run;
  return reportCurves(
    {
      id,
      curves,
      probeSteps: probes.summaries.map(({ step }) => step),
      probeAt: (step) => probes.at(step),
      bestStep: best?.step,
    },
    needs,
  );
}
