import { basename, resolve } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { neededCurves, readReport } from '../catalog/report/readReport.ts';
import { reportRuns } from '../catalog/report/reportRuns.ts';
import { rowOf } from '../catalog/row.ts';
import { storedReportCurves, writeReport } from '../export/page/writeReport.ts';
import { say } from '../phrases/phrase.ts';
import { disk } from '../platform/files.ts';
import type { ReportCurves, ReportPart } from '../protocol/reportPage.ts';
import { writeFileAtomic } from '../runs/atomic.ts';
import { storedRuns } from './catalog.ts';
import { refuse } from './exportFiles.ts';
import { programs } from './installed.ts';

/**
 * `sequence-lab export REPORT --html`: writes a report as a page.
 * @param out absolute path to write
 * @throws ConfigError if a block of the report cannot be drawn; nothing is written then
 */
export async function exportReport(file: string, out: string): Promise<void> {
  const text = await disk.readText(resolve(file));
  const runs = await storedRuns();
  const rows = new Map(runs.map((run) => [run.id, rowOf(run)]));
  const { title, parts } = readReport(text, [...rows.values()]);
  refuseProblems(file, parts);
  const shown = new Set(parts.flatMap((part) => (part.kind === 'plot' ? part.runs : [])));
  const described = runs.filter(({ id }) => shown.has(id));
  const needed = neededCurves(parts);
  const curves: ReportCurves[] = [];
  for (const { id, folder } of described) {
    const needs = needed.get(id);
    if (needs) curves.push(await storedReportCurves(id, folder, needs));
  }
  const html = await writeReport({
    content: {
      title: title || basename(file),
      parts: [...parts],
      runs: reportRuns(described.flatMap((run) => ({ ...run, name: run.data, row: rows.get(run.id) ?? rowOf(run) }))),
    },
    curves,
    programs,
    product: packageJson.version,
    language: 'en',
    translations: {},
  });
  await writeFileAtomic(out, html, disk);
  process.stdout.write(`${out}\n`);
}

/** Ends the command with all problems, each with its line and its place. */
function refuseProblems(file: string, parts: readonly ReportPart[]): void {
  const problems = parts.flatMap((part) => (part.kind === 'problems' ? part.problems : []));
  if (problems.length === 0) return;
  const lines = problems.map(({ line, column, length, source, message }) => {
    const marks = `${' '.repeat(column)}${'^'.repeat(Math.max(1, length))}`;
    return `${file}:${line}: ${say(message)}\n  ${source}\n  ${marks}`;
  });
  refuse(lines.join('\n'));
}
