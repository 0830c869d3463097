import { runColor } from '../../catalog/color.ts';
import { disk, type Files } from '../../platform/files.ts';
import type { ExportedRun, PageProbe, Passage } from '../../protocol/exportedPage.ts';
import { measuredMetrics } from '../../protocol/metrics.ts';
import type { SampleView } from '../../protocol/panel.ts';
import type { Probe } from '../../protocol/probes.ts';
import { averagedSteps } from '../../protocol/trainingLoss.ts';
import { readableAnnotations } from '../../runs/annotations.ts';
import { lockHolder } from '../../runs/lock.ts';
import { readMetrics } from '../../runs/metricsLog.ts';
import { readProbes } from '../../runs/probeStore.ts';
import { readRecord } from '../../runs/record.ts';
import { readReport } from '../../runs/report.ts';
import type { RankableRun } from '../../runs/ranking.ts';
import { recordedRunView } from '../../runs/runView.ts';
import { Curves } from '../../runs/series/curves.ts';
import { timedCurve } from '../../runs/series/timedCurve.ts';
import { reproductionOf, shareable } from './reproduction.ts';
import { shownSettings } from './settings.ts';

/** Maximum number of samples of a page, the newest ones. */
const MAX_SAMPLES = 50;

/** Maximum number of values in the curves of all probes of a page: about a megabyte. */
const MAX_PROBED_VALUES = 60_000;

/** A run with the full-resolution curves that it is ranked by. */
export interface GatheredRun {
  readonly run: ExportedRun;
  readonly ranked: RankableRun;
  /** Why the name and the color that the user has given to it cannot be read; undefined if they can. */
  readonly problem: string | undefined;
}

/**
 * Reads what a page shows of a run.
 * @throws Error that names a file of the run that is missing or damaged
 */
export async function gatherRun(folder: string, passage: Passage, files: Files = disk): Promise<GatheredRun> {
  const record = await readRecord(folder, files);
  const { annotations, problem } = await readableAnnotations(folder, files);
  const { name, color, note } = annotations;
  const recorded = recordedRunView({ folder, record, holder: await lockHolder(folder, files) });
  const view = name === null ? recorded : { ...recorded, label: name, title: name };
  const curves = new Curves();
  const samples: SampleView[] = [];
  for (const event of await readMetrics(folder, files)) {
    curves.add(event);
    if (event.event !== 'sample') continue;
    const { step, prompt, temperature, text } = event;
    samples.push({ step, prompt, temperature, text });
  }
  const probes = await readProbes(folder, files);
  const config = shareable(record.config);
  const { step, seconds, learning, kept } = record.progress;
  return {
    problem,
    ranked: { id: view.id, config: record.config, view, curves },
    run: {
      view,
      progress: {
        step,
        seconds,
        secondsLeft: null,
        deviceBytes: null,
        latest: curves.latestOver(averagedSteps(view.applies)),
        scores: curves.latestScores,
        learning,
        kept,
      },
      createdAt: record.createdAt,
      config,
      settings: shownSettings(config),
      curves: Object.fromEntries(
        measuredMetrics.map(({ key }) => [key, timedCurve(curves.series[key], curves.seconds)] as const),
      ),
      samples: samples.slice(-MAX_SAMPLES),
      report: (await readReport(folder, files)) ?? null,
      note,
      color: runColor(view.id, color),
      probes: thinned(probes.map(pageProbe)),
      probesTaken: probes.length,
      passage,
      reproduction: reproductionOf(record),
    },
  };
}

function pageProbe({ step, start, timeSteps, batch, verdict, verdicts, facts, flow }: Probe): PageProbe {
  const kept = flow.map((each) => ({ ...each, singles: [] }));
  return { step, start, timeSteps, batch, verdict, verdicts, facts, flow: kept };
}

/** Probes at even distances, with the first and the last one, whose curves do not have too many values. */
function thinned(probes: readonly PageProbe[]): PageProbe[] {
  const values = (probe: PageProbe) => probe.flow.reduce((sum, { median }) => sum + 6 * median.length, 0);
  const most = Math.max(2, Math.floor(MAX_PROBED_VALUES / Math.max(1, ...probes.map(values))));
  if (probes.length <= most) return [...probes];
  const indices = Array.from({ length: most }, (_, i) => Math.round((i * (probes.length - 1)) / (most - 1)));
  return [...new Set(indices)].flatMap((index) => probes[index] ?? []);
}
