import * as l10n from '@vscode/l10n';
import { baselineName } from '../../src/config/baselines.ts';
import { say } from '../../src/phrases/phrase.ts';
import type { ExportedRun } from '../../src/protocol/exportedPage.ts';
import { derivedMetrics, measuredMetrics } from '../../src/protocol/metrics.ts';
import { nameStep } from '../../src/protocol/steps.ts';
import { averagedSteps } from '../../src/protocol/trainingLoss.ts';
import { applyChange, mapValues, noPoints, type Points } from '../charts/points.ts';
import { setText, h } from '../dom.ts';
import { describeEmpty, describeLearning, describeValidation } from '../panel/describeRun.ts';
import { ChartArea } from '../panel/loss/chartArea.ts';
import { LOSS_CHART, lossCharts } from '../panel/loss/chartSpecs.ts';
import { Figures } from '../panel/loss/figures.ts';
import type { PageServices } from './pageServices.ts';
import { section } from './section.ts';

/** The sentence on the last validation and on learning; empty before the first validation. */
export function describeResult({ view, progress, curves }: ExportedRun): string {
  const points = curves.validationLoss?.points ?? [];
  const step = points.at(-2);
  if (step == null) return '';
  const loss = points.at(-1) ?? null;
  const validation = describeValidation(nameStep(view.applies, step), loss, view.units, view.baselines ?? {});
  return [validation, describeLearning(progress, view.units)].filter(Boolean).join(' ');
}

/** Latest figures of a run, as the panel shows them. */
export function runFigures({ view, progress }: ExportedRun): HTMLElement {
  const figures = new Figures(view.units, view.applies.metrics, averagedSteps(view.applies));
  figures.show(progress);
  figures.element.setAttribute('aria-label', l10n.t('Latest figures of {0}', view.label));
  return figures.element;
}

/** Curves of the run over its steps, with tables. */
export function lossSection({ view, curves: stored }: ExportedRun, services: PageServices): HTMLElement {
  const curves = new Map<string, Points>(
    measuredMetrics.map(({ key }) => [key, applyChange(noPoints, { keep: 0, points: stored[key]?.points ?? [] })]),
  );
  for (const { key, from } of derivedMetrics) curves.set(key, mapValues(curves.get(from.metric) ?? noPoints, from.map));
  const validated = (curves.get('validationLoss') ?? noPoints).x.length > 0;
  const verdict = h('p', { class: 'verdict' });
  const area = new ChartArea(
    lossCharts(view.units, view.applies),
    {
      ...services.chartServices,
      frames: services.frames,
      curves,
      references: ({ id }) =>
        id === LOSS_CHART
          ? Object.entries(view.baselines ?? {}).map(([name, value]) => ({ label: say(baselineName(name)), value }))
          : [],
      marks: () => [],
      emptyText: () => describeEmpty(view.state),
      missingText: ({ id }) => (id === LOSS_CHART && !validated ? l10n.t('The run has no validation.') : ''),
    },
    services.store,
    verdict,
  );
  setText(verdict, '');
  area.refresh();
  return section('curves', l10n.t('Curves'), area.element);
}
