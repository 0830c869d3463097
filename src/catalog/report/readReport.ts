import { phrase } from '../../phrases/phrase.ts';
import { MAX_COMPARED_RUNS } from '../../protocol/comparison.ts';
import { METRICS, type SeriesName, seriesName } from '../../protocol/metrics.ts';
import type { NeededCurves, PlotPart, ReportPart, ReportPlot, ReportProblem } from '../../protocol/reportPage.ts';
import type { RunRow } from '../../protocol/runRow.ts';
import { FilterError } from '../filter/filterError.ts';
import { sortRows } from '../sortRows.ts';
import { chooseRuns } from './chooseRuns.ts';
import { type NamedRuns, parseBlock, plotKind } from './parseBlock.ts';
import { problemAt } from './problem.ts';
import { type SourcePart, splitReport } from './splitReport.ts';

/** Maximum number of runs of a table, and of the runs behind a plot of groups. */
const MAX_REPORT_RUNS = 200;

/** A report with its runs chosen. */
export interface ReadReport {
  /** Text of the first heading; empty without one. */
  readonly title: string;
  readonly parts: readonly ReportPart[];
}

/** Reads a report. No text is an error: what is wrong in a block is a part of the report. @param rows newest first */
export function readReport(text: string, rows: readonly RunRow[]): ReadReport {
  return { title: titleOf(text), parts: splitReport(text).map((part) => readPart(part, rows)) };
}

function readPart(part: SourcePart, rows: readonly RunRow[]): ReportPart {
  if (part.kind === 'markdown')
    return {
      kind: 'text',
      line: part.lines[0]?.line ?? 1,
      markdown: part.lines.map(({ text }) => text).join('\n'),
    };
  const { opening, lines, isClosed } = part;
  const { line } = opening;
  if (!isClosed) {
    const message = phrase('The block has no end. Add a line with ``` after it.');
    return { kind: 'problems', line, problems: [problemAt(opening, 0, opening.text.length, message)] };
  }
  const { runs, ...read } = parseBlock(lines, opening);
  const named = runs ? runsNamed(runs, rows) : [];
  if ('problems' in read || 'problem' in named) {
    const others = 'problems' in read ? read.problems : [];
    const problems = [...others, ...('problem' in named ? [named.problem] : [])];
    return { kind: 'problems', line, problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) };
  }
  const { block } = read;
  const chosen = sortRows(named, block.sort).slice(0, block.limit ?? undefined);
  const most = plotKind(block.plot) === 'table' || block.group !== null ? MAX_REPORT_RUNS : MAX_COMPARED_RUNS;
  return { kind: 'plot', line, block, runs: chosen.slice(0, most).map(({ id }) => id), found: chosen.length };
}

/** The runs that a block names, or what is wrong in their names or filter. */
function runsNamed(
  { text, problemAt: inRuns }: NamedRuns,
  rows: readonly RunRow[],
): RunRow[] | { readonly problem: ReportProblem } {
  try {
    return chooseRuns(text, rows);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    return { problem: inRuns(error.text, error.position, error.length) };
  }
}

const HEADING = /^ {0,3}#{1,6}\s+(.+?)\s*#*\s*$/m;

function titleOf(text: string): string {
  return HEADING.exec(text)?.[1] ?? '';
}

/** The runs of a report by their ids, with the curves that its plots need of each. */
export function neededCurves(parts: readonly ReportPart[]): ReadonlyMap<string, NeededCurves> {
  const needed = new Map<string, { series: Set<SeriesName>; probes: Set<number | null> }>();
  for (const { runs, block } of parts.filter((part): part is PlotPart => part.kind === 'plot')) {
    const series = seriesOf(block.plot);
    for (const id of runs) {
      const of = needed.get(id) ?? { series: new Set(), probes: new Set() };
      if (series) of.series.add(series);
      if (block.plot === 'gradient') of.probes.add(block.step);
      needed.set(id, of);
    }
  }
  return needed;
}

/** The series that a plot draws or maps; undefined for plots of other things. */
export function seriesOf(plot: ReportPlot): SeriesName | undefined {
  const metric = METRICS.find(({ key }) => key === plot);
  if (!metric) return undefined;
  return seriesName.parse('metric' in metric.from ? metric.from.metric : metric.key);
}
