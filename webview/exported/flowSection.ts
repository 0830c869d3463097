import * as l10n from '@vscode/l10n';
import { worstFirst } from '../../src/protocol/flow.ts';
import { isLayer, type LayerName } from '../../src/protocol/probes.ts';
import type { ExportedRun, PageProbe } from '../../src/protocol/exportedPage.ts';
import { ChartCard } from '../charts/chartCard.ts';
import { formatCount } from '../charts/number.ts';
import type { Points } from '../charts/points.ts';
import { onThemeChange } from '../charts/theme.ts';
import { h } from '../dom.ts';
import { describeLayer, describeMissingProbe } from '../probes/describeProbe.ts';
import { cutMark, flowCurves, lastStepChart, verdictLines } from '../probes/lastStepChart.ts';
import { ProbeList } from '../probes/probeList.ts';
import { Scrubber } from '../probes/scrubber.ts';
import { VerdictBox } from '../probes/verdictBox.ts';
import type { PageServices } from './pageServices.ts';
import { section } from './section.ts';

const chart = lastStepChart('lastStep', true);

/** Gradient by lag through training: the verdict of a probe, its curve, and a slider over the probes. */
export function flowSection({ view, probes, probesTaken }: ExportedRun, services: PageServices): HTMLElement {
  const title = l10n.t('Gradient by lag');
  if (probes.length === 0) return section('gradient', title, h('p', { class: 'about' }, describeMissingProbe(view)));
  const curves = new Map<string, Points>();
  const list = new ProbeList(null);
  list.apply({
    keep: 0,
    added: probes.map(({ step, verdict }) => ({ step, verdict, clippedShare: 0, complete: false, layers: [] })),
  });
  const verdict = new VerdictBox();
  const { frames, chartServices } = services;
  const card = new ChartCard(chart, chart.defaults, {
    ...chartServices,
    frames,
    curves,
    references: () => verdictLines,
    marks: () => (view.logged ? [] : [cutMark(view.truncation)]),
    emptyText: () => '',
    missingText: () => '',
    throughTraining: () => {
      const shown = judgedIn(probes[list.index]);
      return {
        steps: probes.map(({ step }) => step),
        at: async (at) => {
          const { flow } = probes.find(({ step }) => step === at) ?? { flow: [] };
          const same = flow.find((each) => shown && isLayer(each, shown));
          return Promise.resolve(new Map(same && flowCurves(same, undefined, undefined)));
        },
      };
    },
  });
  const layers = probes[0]?.flow ?? [];
  let chosen: LayerName | null = null;
  const judgedIn = (probe: PageProbe | undefined) =>
    probe && (probe.flow.find((each) => chosen && isLayer(each, chosen)) ?? worstFirst(probe.flow)[0]);
  const draw = () => {
    const probe = probes[list.index];
    const judged = judgedIn(probe);
    if (!probe || !judged) return;
    const first = list.index === 0 ? undefined : probes[0]?.flow.find((each) => isLayer(each, judged));
    verdict.show(probe, judged, list.chosen !== null);
    card.setCaption(probe.flow.length > 1 ? describeLayer(judged) : '');
    for (const [key, points] of flowCurves(judged, first, undefined)) curves.set(key, points);
    card.refresh();
  };
  const scrubber = new Scrubber(list, draw);
  scrubber.show();
  draw();
  onThemeChange(() => card.recolor());
  const thinned =
    probes.length < probesTaken
      ? [
          h(
            'p',
            { class: 'notes' },
            l10n.t(
              'The page has {0} of the {1} probes of the run.',
              formatCount(probes.length),
              formatCount(probesTaken),
            ),
          ),
        ]
      : [];
  const choice = layerChoice(layers, (layer) => {
    chosen = layer;
    draw();
  });
  return section('gradient', title, verdict.element, ...choice, scrubber.element, card.element, ...thinned);
}

/** A choice of the layer for a network with several; the first entry is the layer where the flow is worst. */
function layerChoice(layers: readonly LayerName[], choose: (layer: LayerName | null) => void): HTMLElement[] {
  if (layers.length < 2) return [];
  const select = h(
    'select',
    { id: 'flow-layer' },
    h('option', {}, l10n.t('worst flow')),
    ...layers.map((layer) => h('option', {}, describeLayer(layer))),
  );
  select.addEventListener('change', () => choose(layers[select.selectedIndex - 1] ?? null));
  return [h('span', { class: 'field' }, h('label', { for: select.id }, l10n.t('Layer')), select)];
}
