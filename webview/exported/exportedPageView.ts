import * as l10n from '@vscode/l10n';
import { exportedPage } from '../../src/protocol/exportedPage.ts';
import { h } from '../dom.ts';
import { Frames } from '../frames.ts';
import { comparisonSections } from './comparisonPage.ts';
import { liveSection } from './live/liveSection.ts';
import { pageServices } from './pageServices.ts';
import { date, runHeader, runSections } from './runPage.ts';
import { contents } from './section.ts';
import { themeToggle } from './themeToggle.ts';

/** A page that was exported: one run, or several side by side. */
export class ExportedPageView {
  readonly element: HTMLElement;

  /**
   * @param json the page's data, as its document has it
   * @param live the model that the page runs; null without one
   * @throws Error for data of another version
   */
  constructor(json: string, live: string | null) {
    const page = exportedPage.parse(JSON.parse(json));
    const [run] = page.runs;
    if (!run) throw new Error('A page shows at least one run.');
    const single = page.runs.length === 1;
    const services = pageServices(new Frames(), single ? { name: run.view.name, step: run.progress.step } : null);
    const model = live === null ? [] : [liveSection(live, run, services)];
    const sections = single ? [...model, ...runSections(run, services)] : comparisonSections(page, services);
    const head = single
      ? runHeader(run)
      : [h('h1', {}, l10n.t('Comparison of {0} runs', page.runs.length)), h('p', { class: 'about' }, run.view.name)];
    const made = l10n.t('Exported from Sequence Lab {0} on {1}.', page.product, date(page.exportedAt));
    this.element = h(
      'main',
      { class: 'exported' },
      h('header', { class: 'page-head' }, themeToggle(), ...head),
      contents(l10n.t('Contents'), sections),
      ...sections,
      h('footer', {}, made),
    );
  }
}
