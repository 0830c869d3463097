import * as l10n from '@vscode/l10n';
import { say } from '../../src/phrases/phrase.ts';
import type { ExportedRun } from '../../src/protocol/exportedPage.ts';
import { nameStep } from '../../src/protocol/steps.ts';
import { verdictLabels } from '../../src/protocol/verdictLabels.ts';
import { h } from '../dom.ts';
import { ModelPicture } from '../model/modelPicture.ts';
import { ModelTable } from '../model/modelTable.ts';
import { describeSize, stateLabels } from '../panel/describeRun.ts';
import { formatDuration } from '../panel/format.ts';
import { SampleList } from '../panel/loss/sampleList.ts';
import { BlockList } from '../panel/results/blockList.ts';
import { flowSection } from './flowSection.ts';
import { describeResult, lossSection, runFigures } from './lossSection.ts';
import { markdown } from '../markdown/markdown.ts';
import type { PageServices } from './pageServices.ts';
import { passageSection } from './passageSection.ts';
import { reproduceSection } from './reproduceSection.ts';
import { section } from './section.ts';
import { settingsTables } from './settingsTable.ts';

/** Title, state, date, result and figures of a run. */
export function runHeader(run: ExportedRun, level: 'h1' | 'h3' = 'h1'): HTMLElement[] {
  const { view, progress } = run;
  const found = progress.learning?.findings[0];
  const facts = [
    stateLabels[view.state],
    ...(found ? [say(verdictLabels[found.verdict])] : []),
    nameStep(view.applies, progress.step),
    formatDuration(progress.seconds),
    view.summary,
    ...(view.backend ? [say(view.backend.device)] : []),
    date(run.createdAt),
  ];
  return [
    h(level, { translate: 'no' }, view.title),
    h('p', { class: 'about' }, facts.filter(Boolean).join(' \u00b7 ')),
    ...[describeResult(run), view.message ?? ''].filter(Boolean).map((text) => h('p', { class: 'result' }, text)),
    runFigures(run),
    ...(view.notices.length > 0
      ? [h('ul', { class: 'message notices' }, ...view.notices.map((notice) => h('li', {}, say(notice))))]
      : []),
  ];
}

/** The sections of one run, in reading order. */
export function runSections(run: ExportedRun, services: PageServices): HTMLElement[] {
  return [
    ...(run.note.trim() === ''
      ? []
      : [section('notes', l10n.t('Notes'), h('div', { class: 'note' }, ...markdown(run.note)))]),
    lossSection(run, services),
    settingsSection(run),
    flowSection(run, services),
    passageSection(run, services),
    ...(run.view.writes ? [samplesSection(run)] : []),
    ...(run.report ? [resultsSection(run, services)] : []),
    reproduceSection(run),
  ];
}

function settingsSection({ settings, view }: ExportedRun): HTMLElement {
  const picture = new ModelPicture();
  picture.show(view.network);
  const layers = new ModelTable();
  layers.show(view.network);
  return section(
    'configuration',
    l10n.t('Configuration'),
    ...(view.about === null ? [] : [h('p', { class: 'about' }, view.about)]),
    h('p', { class: 'about' }, describeSize(view)),
    ...settingsTables(settings),
    h('details', { class: 'details' }, h('summary', {}, l10n.t('The model')), picture.element, layers.element),
  );
}

function samplesSection(run: ExportedRun): HTMLElement {
  return section('samples', l10n.t('Samples'), sampleList(run));
}

/** The samples of a run. */
export function sampleList({ samples, view }: ExportedRun): HTMLElement {
  const list = new SampleList(view.label);
  list.append(samples);
  return list.element;
}

function resultsSection(run: ExportedRun, services: PageServices): HTMLElement {
  return section('results', l10n.t('Results'), results(run, services));
}

/** The report of the last validation of a run. */
export function results({ report, view }: ExportedRun, services: PageServices): HTMLElement {
  const blocks = new BlockList(services);
  blocks.show(report?.blocks ?? []);
  const when = report ? nameStep(view.applies, report.step) : '';
  return h('div', { class: 'results' }, h('p', { class: 'about' }, when && l10n.t('After {0}.', when)), blocks.element);
}

/** A date and time in the reader's language and time zone. */
export function date(iso: string): string {
  return new Date(iso).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
}
