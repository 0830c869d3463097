import { resolve } from 'node:path';
import { SingleBar } from 'cli-progress';
import { applyAssignments, parseRunConfig } from '../config/parse.ts';
import { readingOf } from '../config/reading.ts';
import { InputError } from '../data/inputError.ts';
import type { OnProgress } from '../data/progress.ts';
import { formatCount } from '../format/count.ts';
import {
  columnRole,
  type ColumnRole,
  type DataInspection,
  dataTask,
  type InspectDataRequest,
} from '../protocol/dataInspection.ts';
import { inspectData } from '../worker/inspectData.ts';
import { UsageError } from './exitCodes.ts';
import { barOutput, isInteractive } from './terminal.ts';
import { say, spokenJson } from '../phrases/phrase.ts';

export interface InspectFlags {
  readonly roles?: string;
  readonly validation?: string;
  readonly json: boolean;
  /** Assignments of fields of the configuration. */
  readonly set: readonly string[];
}

/** Maximum number of labels and of unusable rows that are printed. */
const MAX_LISTED = 10;
const BAR = 40;
/** Fields of tasks that name columns of a table. */
const COLUMN_FIELD = /^task\.(?:\w+Column|inputs|column)=/;

/** `sequence-lab inspect`. */
export async function inspect(file: string, { roles, validation, json, set }: InspectFlags): Promise<void> {
  const { data, seed, task } = parseRunConfig(applyAssignments({}, set));
  const columns = roles === undefined ? undefined : set.find((each) => COLUMN_FIELD.test(each));
  if (columns !== undefined)
    throw new UsageError(
      `--roles chooses all columns, so that --set ${columns} has no effect. Omit it, and give the column its role.`,
    );
  const named = set.some((each) => each.startsWith('task.name=')) ? dataTask.safeParse(task.name).data : undefined;
  const bar = json ? undefined : delayedBar();
  const request: InspectDataRequest = {
    source: { kind: 'file', path: resolve(file) },
    reading: readingOf(data),
    ...(named !== undefined && { taskName: named }),
    ...(roles !== undefined && { roles: parseRoles(roles) }),
    ...(validation !== undefined && { validation: resolve(validation) }),
    validationShare: data.validationShare,
    sequenceLength: data.sequenceLength,
    split: data.split,
    seed,
    task,
  };
  const found = await inspectData(request, bar?.update).finally(() => bar?.stop());
  if (validation !== undefined && found.parts.validationFile === null)
    throw new UsageError(
      '--validation has no effect: a language model holds out a part of its data. Set data.validationShare.',
    );
  if (named !== undefined && named !== found.task)
    throw new UsageError(
      `"${file}" is read as data for ${found.task}, not for ${named}. Omit task.name, or set the columns with --roles.`,
    );
  process.stdout.write(json ? `${spokenJson(found)}\n` : formatInspection(found));
}

/** Time in milliseconds after which a progress bar is shown: most data sets are inspected sooner. */
const BAR_DELAY = 1000;

/**
 * A progress bar on standard error, if it is a terminal. Ctrl+C ends the process at once: the bar leaves the settings of
 * the terminal as they are.
 */
function delayedBar(): { readonly update: OnProgress; stop(): void } | undefined {
  if (!isInteractive(process.stderr, process.env)) return undefined;
  const start = performance.now();
  const bar = new SingleBar({
    stream: barOutput,
    format: ' {bar} {percentage} %',
    clearOnComplete: true,
    gracefulExit: false,
    linewrap: true,
  });
  return {
    update(share) {
      if (performance.now() - start < BAR_DELAY) return;
      if (!bar.isActive) bar.start(1, share);
      bar.update(share);
      bar.render();
    },
    stop: () => bar.stop(),
  };
}

function parseRoles(list: string): ColumnRole[] {
  return list.split(',').map((role) => {
    const result = columnRole.safeParse(role.trim());
    if (result.success) return result.data;
    throw new InputError(
      'no-column',
      `--roles: "${role.trim()}" is not a role; allowed are ${columnRole.options.join(', ')}.`,
    );
  });
}

function formatInspection(found: DataInspection): string {
  const {
    name,
    format,
    encoding,
    task,
    columns,
    plan,
    notes,
    problems,
    labels,
    labelCount,
    lengths,
    unknown,
    repeated,
    item,
  } = found;
  const lines = [
    `${name}: ${say(format)}${encoding === null ? '' : `, ${encoding}`}; for the task ${task}`,
    ...columns.map(
      (column) =>
        `  ${say(column.name)}: ${column.type}${column.unit === '' ? '' : ` in ${column.unit}`}, ${column.role}, ${formatCount(column.distinct)} distinct values, ${column.meanLength.toFixed(1)} characters on average`,
    ),
    ...plan.map(say),
    ...notes.map((note) => `Note: ${say(note)}`),
  ];
  for (const { text, fields } of found.suggestions) {
    const set = Object.entries(fields).map(([field, value]) => `--set task.${field}=${value}`);
    lines.push(`Suggestion: ${say(text)}: ${set.join(' ')}`);
  }
  const total = labels.reduce((sum, label) => sum + label.train, 0);
  for (const { label, train, validation } of labels.slice(0, MAX_LISTED)) {
    lines.push(
      `  ${label.padEnd(20)} ${String(train).padStart(8)} ${String(validation).padStart(8)} ${'#'.repeat(Math.round((BAR * train) / (total || 1)))}`,
    );
  }
  if (labelCount > MAX_LISTED) lines.push(`  and ${labelCount - MAX_LISTED} more`);
  const highest = Math.max(1, ...(lengths?.bins ?? []).map(({ count }) => count));
  if (lengths)
    lines.push(
      `Lengths in ${lengths.unit}s: median ${lengths.median}, 95 % up to ${lengths.p95}, longest ${lengths.longest}`,
    );
  for (const { from, to, count } of lengths?.bins ?? [])
    lines.push(
      `  ${`${from}-${to}`.padStart(12)} ${String(count).padStart(8)} ${'#'.repeat(Math.round((BAR * count) / highest))}`,
    );
  if (unknown && unknown.tokens > 0) {
    lines.push(
      `Unknown ${unknown.unit}s in the validation part: ${((100 * unknown.unknown) / unknown.tokens).toFixed(2)} % of ${formatCount(unknown.tokens)}`,
    );
  }
  lines.push(
    `Repetitions: ${repeated.repeated} ${item}s occur earlier, ${repeated.contradicting} with another label or target; ${repeated.shared} of the validation part are also in the training part`,
  );
  for (const { where, reason } of problems.first.slice(0, MAX_LISTED))
    lines.push(`Skipped: ${say(where)}: ${say(reason)}`);
  if (problems.count > MAX_LISTED) lines.push(`Skipped: ${problems.count - MAX_LISTED} more`);
  return `${lines.join('\n')}\n`;
}
