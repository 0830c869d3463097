import * as l10n from '@vscode/l10n';
import { itemsPerStep } from '../../src/config/itemsPerStep.ts';
import { say } from '../../src/phrases/phrase.ts';
import type { ComparableRun, ProbedRun, RankedGroup } from '../../src/protocol/comparison.ts';
import type { ExportedPage, ExportedRun, PageProbe, ShownSetting } from '../../src/protocol/exportedPage.ts';
import { worstFirst } from '../../src/protocol/flow.ts';
import { h } from '../dom.ts';
import { framedTable } from '../framedTable.ts';
import { CompareTab } from '../panel/compare/compareTab.ts';
import type { PageServices } from './pageServices.ts';
import { results, runHeader, sampleList } from './runPage.ts';
import { markdown } from '../markdown/markdown.ts';
import { reproduction } from './reproduceSection.ts';
import { section } from './section.ts';

/** The sections of several runs side by side: ranking and curves, what differs, and each run. */
export function comparisonSections(page: ExportedPage, services: PageServices): HTMLElement[] {
  return [
    section('ranking', l10n.t('Comparison'), comparison(page, services)),
    section('differences', l10n.t('Settings that differ'), differences(page.runs)),
    section('runs', l10n.t('Runs'), ...page.runs.map((run) => runDetails(run, services))),
  ];
}

/** The tab "Compare" of the panel over the runs of the page. */
function comparison({ runs, ranking }: ExportedPage, services: PageServices): HTMLElement {
  let step: number | null = null;
  let chosen = runs;
  const showProbes = () => tab.comparedProbes(chosen.map((run) => probed(run, ranking, step)));
  const tab = new CompareTab({
    ...services,
    filled: () => undefined,
    callHost: (request) => request(),
    host: {
      compareProbesAt: async (at) => {
        step = at;
        showProbes();
        return Promise.resolve();
      },
      compare: async (ids) => {
        chosen = ids === null ? runs : ids.flatMap((id) => runs.find(({ view }) => view.id === id) ?? []);
        tab.comparable({
          runs: runs.map(comparable),
          chosen: chosen.map(({ view }) => view.id),
          ranking: rankingOf(
            ranking,
            chosen.map(({ view }) => view.id),
          ),
        });
        for (const { view, config, curves } of chosen)
          tab.compared({ id: view.id, itemsPerStep: itemsPerStep(config, view.batchSize), curves });
        showProbes();
        return Promise.resolve();
      },
    },
  });
  const [first] = runs;
  // No run of the page is the current one.
  if (first) tab.show({ ...first.view, id: '' });
  return tab.element;
}

function comparable({ view, progress, createdAt, color }: ExportedRun): ComparableRun {
  const { id, label, name, summary, state } = view;
  const { kept, latest, step } = progress;
  const loss = kept?.loss ?? latest.validationLoss ?? latest.trainLoss ?? null;
  return { id, label, name, summary, createdAt, color, state, step, loss };
}

/** The groups with only some of their runs. */
function rankingOf(groups: readonly RankedGroup[], ids: readonly string[]): RankedGroup[] {
  return groups.flatMap((group) => {
    const runs = group.runs.filter(({ id }) => ids.includes(id));
    return runs.length === 0 ? [] : [{ ...group, runs }];
  });
}

/** @param step step of the probe to show; null for the one nearest to the lowest validation loss */
function probed({ view, probes }: ExportedRun, ranking: readonly RankedGroup[], step: number | null): ProbedRun {
  const best = ranking.flatMap(({ runs }) => runs).find(({ id }) => id === view.id)?.best?.step;
  const shown = step === null ? nearest(probes, best) : (probes.findLast((each) => each.step <= step) ?? probes[0]);
  return { id: view.id, steps: probes.map((each) => each.step), flow: shown ? flowOf(shown) : null, first: null };
}

function flowOf({ step, flow }: PageProbe): ProbedRun['flow'] {
  const [judged] = worstFirst(flow);
  return judged ? { step, median: judged.median, low: judged.low, high: judged.high } : null;
}

/** The probe nearest to a step, the earlier one of two; the last one without a step. */
function nearest(probes: readonly PageProbe[], to: number | undefined): PageProbe | undefined {
  if (to === undefined) return probes.at(-1);
  return probes.toSorted((a, b) => Math.abs(a.step - to) - Math.abs(b.step - to))[0];
}

/** Settings in which the runs differ, with a column for each run. */
function differences(runs: readonly ExportedRun[]): HTMLElement {
  const settings = runs.map((run) => new Map(run.settings.map((setting) => [setting.path, setting.value])));
  const paths = [...new Set(settings.flatMap((each) => [...each.keys()]))];
  const differing = paths.filter((path) => new Set(settings.map((each) => each.get(path))).size > 1);
  if (differing.length === 0) return h('p', { class: 'about' }, l10n.t('All settings are equal.'));
  const caption = l10n.t('Settings that differ between the runs');
  return framedTable(
    caption,
    [l10n.t('Setting'), ...runs.map(({ view }) => view.label)],
    differing.map((path) =>
      h(
        'tr',
        { 'data-setting': path },
        h('th', { scope: 'row' }, h('code', {}, path)),
        ...settings.map((each) => h('td', {}, h('code', {}, valueOf(each.get(path))))),
      ),
    ),
    'settings',
  );
}

/** A value as a configuration has it; a dash for a setting without effect in the run. */
function valueOf(value: ShownSetting['value'] | undefined): string {
  if (value === undefined) return '\u2013';
  return value === '' ? '""' : String(value);
}

/** Result, notes, samples, results and command of a run, folded. */
function runDetails(run: ExportedRun, services: PageServices): HTMLElement {
  return h(
    'details',
    { class: 'run-details', 'data-run': run.view.id },
    h('summary', { translate: 'no' }, run.view.label),
    h('div', { class: 'note' }, ...runHeader(run, 'h3'), ...markdown(run.note)),
    h(
      'div',
      { class: 'run-parts' },
      ...(run.samples.length > 0 ? [h('h4', {}, l10n.t('Samples')), sampleList(run)] : []),
      ...(run.report ? [h('h4', {}, l10n.t('Results')), results(run, services)] : []),
      ...notIncluded(run),
      h('h4', {}, l10n.t('Repeat this run')),
      ...reproduction(run),
    ),
  );
}

/** Says what the page of a single run has in addition. */
function notIncluded({ passage }: ExportedRun): HTMLElement[] {
  return passage.state === 'unread' ? [h('p', { class: 'about' }, say(passage.reason))] : [];
}
