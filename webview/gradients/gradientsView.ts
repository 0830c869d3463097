import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import type { ThroughTraining } from '../charts/animation.ts';
import { ChartCard } from '../charts/chartCard.ts';
import { formatCount } from '../charts/number.ts';
import type { Points } from '../charts/points.ts';
import { chartSettings } from '../charts/storedSettings.ts';
import { onThemeChange } from '../charts/theme.ts';
import { button, h, setText } from '../dom.ts';
import { Frames } from '../frames.ts';
import { pictureName } from '../pictureName.ts';
import { AdviceList } from '../probes/adviceList.ts';
import { describeLayer, describeMissingProbe } from '../probes/describeProbe.ts';
import { cutMark, flowCurves, lastStepChart, verdictLines } from '../probes/lastStepChart.ts';
import { ProbeList } from '../probes/probeList.ts';
import { ProbeLoader } from '../probes/probeLoader.ts';
import { Scrubber } from '../probes/scrubber.ts';
import { VerdictBox } from '../probes/verdictBox.ts';
import type { VsCodeApi } from '../vscodeApi.ts';
import { StoredState } from '../storedState.ts';
import { webviewPort } from '../webviewPort.ts';
import {
  FIRST_COMMANDS,
  type FirstCommand,
  gradientsHostContract,
  gradientsViewContract,
  type GradientsRun,
  type GradientsViewFunctions,
} from '../../src/protocol/gradientsView.ts';
import type { ProbesChange } from '../../src/protocol/probeHistory.ts';
import { isLayer, judgedDirection } from '../../src/protocol/probes.ts';
import { connect } from '../../src/protocol/rpc.ts';
import { nameStep } from '../../src/protocol/steps.ts';

/** Labels of the commands that are offered while there is no run, as in the palette. */
const firstCommands: Readonly<Record<FirstCommand, () => string>> = {
  trainLstmOnFile: () => l10n.t('Train LSTM on file'),
  openSampleText: () => l10n.t('Open a Sample Text'),
  trainFromConfiguration: () => l10n.t('Train from Configuration'),
  openCourse: () => l10n.t('Open the Course'),
};

/** Schema of the view's stored state. */
const viewState = z.object({
  /** Id of the run. */
  run: z.string().nullable().catch(null),
  /** Step of the selected probe; null to follow the newest. */
  step: z.number().nullable().catch(null),
  chart: chartSettings.nullable().catch(null),
});

const chart = lastStepChart('lastStep', false);

/** Describes the step of a run, after a separator; only a training by steps has a known end. */
function describeStep({ applies, step, steps }: GradientsRun): string {
  const when =
    applies.training === 'steps'
      ? l10n.t('step {0} of {1}', formatCount(step), formatCount(steps))
      : nameStep(applies, step);
  return when === '' ? '' : `, ${when}`;
}

/** Sidebar view "Gradients": the verdict on a run, the curve behind it, and a slider over the run's history. */
export class GradientsView implements GradientsViewFunctions {
  readonly #store: StoredState<z.output<typeof viewState>>;
  readonly #host;
  readonly #list: ProbeList;
  readonly #loader: ProbeLoader;
  readonly #name = h('h1');
  readonly #summary = h('span', { translate: 'no' });
  readonly #progress = h('span');
  readonly #error = h('p', { class: 'message bad', role: 'alert' });
  readonly #empty = h('div', { class: 'no-probe' });
  readonly #emptyText = h('p', { role: 'status' }, l10n.t('Waiting for the extension.'));
  readonly #first: HTMLElement;
  readonly #verdict = new VerdictBox();
  readonly #card: ChartCard;
  readonly #scrubber: Scrubber;
  readonly #advice: AdviceList;
  readonly #content: HTMLElement;
  readonly #curves = new Map<string, Points>();
  #run: GradientsRun | null = null;

  constructor(root: HTMLElement, api: VsCodeApi) {
    this.#store = new StoredState(viewState, api);
    this.#host = connect({
      port: webviewPort(api),
      serves: gradientsViewContract,
      functions: this,
      calls: gradientsHostContract,
      onError: (error) => this.fail(error),
    }).remote;
    this.#list = new ProbeList(this.#store.current.step);
    this.#loader = new ProbeLoader(
      (step) => this.#host.probeAt({ step }),
      () => this.#draw(),
      (error) => this.#showError(error),
    );
    this.#scrubber = new Scrubber(this.#list, () => {
      this.#store.change({ step: this.#list.chosen });
      this.#load();
    });
    this.#advice = new AdviceList((advice) =>
      this.#callHost(() => this.#host.tryAdvice({ step: this.#list.current?.step ?? 0, advice })),
    );
    this.#card = this.#chartCard();
    const open = button(
      l10n.t('Show all gradients'),
      { title: l10n.t("Open the Gradients tab of the run's panel") },
      () => void this.#callHost(() => this.#host.openPanel()),
    );
    const offer = (command: FirstCommand, index: number) =>
      button(
        firstCommands[command](),
        { class: index === 0 ? 'primary' : '', 'data-command': command },
        () => void this.#callHost(() => this.#host.begin(command)),
      );
    this.#first = h('div', { class: 'first' }, ...FIRST_COMMANDS.map(offer));
    this.#empty.append(this.#emptyText, this.#first);
    this.#content = h(
      'div',
      { class: 'view', hidden: true },
      this.#verdict.element,
      this.#card.element,
      this.#scrubber.element,
      this.#advice.element,
      open,
    );
    root.append(
      h(
        'main',
        {},
        h('header', {}, this.#name, h('p', { class: 'summary' }, this.#summary, this.#progress)),
        this.#error,
        this.#empty,
        this.#content,
      ),
    );
    onThemeChange(() => this.#card.recolor());
  }

  /** Reports to the host that the view is ready. */
  async start(): Promise<void> {
    await this.#host.ready();
  }

  show(run: GradientsRun | null): void {
    if (this.#store.current.run !== (run?.id ?? null)) {
      this.#list.clear();
      this.#store.change({ run: run?.id ?? null, step: null });
    }
    this.#list.apply({ keep: 0, added: [] });
    this.#loader.clear();
    this.#verdict.clear();
    this.#curves.clear();
    setText(this.#error, '');
    this.#showRun(run);
  }

  update(run: GradientsRun): void {
    this.#showRun(run);
  }

  probes(change: ProbesChange): void {
    if (change.keep < this.#list.probes.length) this.#loader.clear();
    this.#list.apply(change);
    this.#showRun(this.#run);
    this.#load();
  }

  /** Shows an error and sends it to the host's log. */
  fail(error: Error): void {
    this.#showError(error);
    this.#host.report({ message: error.stack ?? error.message }).catch((lost: unknown) => console.error(error, lost));
  }

  #showRun(run: GradientsRun | null): void {
    this.#run = run;
    setText(this.#name, run?.title ?? l10n.t('No run yet'));
    this.#name.translate = run === null;
    setText(this.#summary, run?.summary ?? '');
    setText(this.#progress, run ? describeStep(run) : '');
    const none = !run || this.#list.probes.length === 0;
    this.#empty.hidden = !none;
    this.#content.hidden = none;
    this.#first.hidden = run !== null;
    setText(
      this.#emptyText,
      run ? describeMissingProbe(run) : l10n.t('Train a network to see how far back its gradient reaches.'),
    );
  }

  /** Loads the first probe and the one to show. */
  #load(): void {
    this.#scrubber.show();
    const steps = [this.#list.current, this.#list.probes[0]].flatMap((probe) => (probe ? [probe.step] : []));
    this.#loader.want(steps);
    this.#draw();
  }

  /** Draws the probe to show. While it loads, the previous one stays. */
  #draw(): void {
    const probe = this.#loader.get(this.#list.current?.step);
    if (!probe) return;
    const first = this.#loader.get(this.#list.probes[0]?.step);
    const { flow } = judgedDirection(probe);
    const before = first === probe ? undefined : first?.flow.find((each) => isLayer(each, flow));
    this.#verdict.show(probe, flow, this.#list.chosen !== null);
    this.#advice.show(probe.advice);
    this.#card.setCaption(probe.flow.length > 1 ? describeLayer(flow) : '');
    for (const [key, points] of flowCurves(flow, before, undefined)) this.#curves.set(key, points);
    this.#card.refresh();
  }

  #chartCard(): ChartCard {
    return new ChartCard(chart, this.#store.current.chart ?? chart.defaults, {
      frames: new Frames(),
      curves: this.#curves,
      references: () => verdictLines,
      // How far the program of a logged run follows the gradient is not known.
      marks: () => (this.#run && !this.#run.logged ? [cutMark(this.#run.truncation)] : []),
      emptyText: () => '',
      missingText: () => '',
      throughTraining: () => this.#throughTraining(),
      settingsChanged: (_spec, settings) => this.#store.change({ chart: settings }),
      saveFile: (format, title, content) =>
        void this.#callHost(() => this.#host.saveFile({ format, name: this.#fileName(title), content })),
    });
  }

  /** The curves of the shown layer in every probe. */
  #throughTraining(): ThroughTraining<ReadonlyMap<string, Points>> {
    const shown = this.#loader.get(this.#list.current?.step);
    return {
      steps: shown ? this.#list.probes.map(({ step }) => step) : [],
      at: async (step) => {
        const { flow } = await this.#host.probeAt({ step });
        const same = flow.find((each) => shown && isLayer(each, judgedDirection(shown).flow));
        return new Map(same && flowCurves(same, undefined, undefined));
      },
    };
  }

  #fileName(title: string): string {
    return pictureName(this.#run && { name: this.#run.name, step: this.#list.current?.step ?? 0 }, title);
  }

  /** Sends a request to the host and shows its error message if it fails. */
  async #callHost(request: () => Promise<void>): Promise<void> {
    setText(this.#error, '');
    try {
      await request();
    } catch (error) {
      this.#showError(error);
    }
  }

  #showError(error: unknown): void {
    setText(this.#error, error instanceof Error ? error.message : String(error));
  }
}
