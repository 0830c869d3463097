import { join } from 'node:path';
import { disk, type Files } from '../../platform/files.ts';
import type { ExportedReport, NeededCurves, ReportContent, ReportCurves } from '../../protocol/reportPage.ts';
import { readMetrics } from '../../runs/metricsLog.ts';
import { readProbes } from '../../runs/probeStore.ts';
import { readRecord } from '../../runs/record.ts';
import { reportCurves } from '../../runs/reportCurves.ts';
import { Curves } from '../../runs/series/curves.ts';
import { pageDocument, type PageContent } from './pageDocument.ts';

export interface ReportRequest extends Pick<PageContent, 'product' | 'language' | 'translations'> {
  readonly content: ReportContent;
  readonly curves: readonly ReportCurves[];
  /** Folder of the built programs, with the files of the page. */
  readonly programs: string;
}

/** The HTML document of a report with the curves of its runs. */
export async function writeReport({ content, curves, programs, ...request }: ReportRequest): Promise<string> {
  const page: ExportedReport = {
    version: 1,
    exportedAt: new Date().toISOString(),
    product: request.product,
    content,
    curves: [...curves],
  };
  const read = (name: string) => disk.readText(join(programs, 'exported', name));
  const assets = { script: await read('report.js'), style: await read('report.css'), liveScript: '' };
  return pageDocument({ page, title: content.title, live: null, ...request }, assets);
}

/**
 * Reads the curves of a stored run that a report draws.
 * @param id of the run in the report
 * @throws Error that names a file of the run that is missing or damaged
 */
export async function storedReportCurves(
  id: string,
  folder: string,
  needed: NeededCurves,
  files: Files = disk,
): Promise<ReportCurves> {
  const { progress } = await readRecord(folder, files);
  const curves = new Curves();
  if (needed.series.size > 0) for (const event of await readMetrics(folder, files)) curves.add(event);
  const probes = needed.probes.size > 0 ? await readProbes(folder, files) : [];
  return reportCurves(
    {
      id,
      curves,
      probeSteps: probes.map(({ step }) => step),
      probeAt: (step) => probes.find((probe) => probe.step === step),
      bestStep: progress.best?.step,
    },
    needed,
  );
}
