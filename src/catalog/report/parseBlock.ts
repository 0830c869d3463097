import { phrase, type Text } from '../../phrases/phrase.ts';
import { METRICS } from '../../protocol/metrics.ts';
import {
  OTHER_PLOTS,
  REPORT_X,
  type ReportBlock,
  type ReportPlot,
  type ReportProblem,
} from '../../protocol/reportPage.ts';
import { type Column, COLUMNS, columnNamed } from '../columns.ts';
import { nearestName } from '../nearest.ts';
import { problemAt, ValueError } from './problem.ts';
import type { SourceLine } from './splitReport.ts';

/**
 * Grammar of a block. A line that begins with white space continues the line before it.
 *
 *     block = { line }
 *     line  = key ":" value | "#" comment | empty
 */

/** Keys of a block. */
type Key = 'runs' | 'plot' | 'x' | 'group' | 'columns' | 'sort' | 'limit' | 'step' | 'log' | 'caption';

/** A block that only names its runs. */
export const DEFAULT_BLOCK: Omit<ReportBlock, 'runs'> = {
  plot: 'validationLoss',
  x: 'step',
  group: null,
  columns: null,
  sort: [],
  limit: null,
  step: null,
  logarithmic: false,
  caption: '',
};

/** Kinds of plots, for which other keys apply. */
type PlotKind = 'metric' | (typeof OTHER_PLOTS)[number];

interface KeyEntry {
  /** Kinds of plots that the key applies to; omitted if it applies to all. */
  readonly plots?: readonly PlotKind[];
  /** Reads the value, which is not empty. @throws ValueError */
  readonly read: (value: string) => Partial<ReportBlock>;
}

/** Other names of plots and of quantities on the x axis. */
const PLOT_ALIASES: ReadonlyMap<string, ReportPlot> = new Map([['loss', 'validationLoss']]);
const X_ALIASES: ReadonlyMap<string, ReportBlock['x']> = new Map([
  ['steps', 'step'],
  ['second', 'seconds'],
  ['time', 'seconds'],
  ['characters', 'items'],
  ['words', 'items'],
  ['sequences', 'items'],
]);

/** Names of all plots. */
export const PLOTS: readonly ReportPlot[] = [...METRICS.map(({ key }) => key), ...OTHER_PLOTS];

/** All keys of a block. A new key is one entry here, and one in `printBlock`. */
const KEYS: Readonly<Record<Key, KeyEntry>> = {
  runs: { read: (runs) => ({ runs }) },
  plot: { read: (value) => ({ plot: oneOf(value, PLOTS, PLOT_ALIASES) }) },
  x: { plots: ['metric'], read: (value) => ({ x: oneOf(value, REPORT_X, X_ALIASES) }) },
  group: { plots: ['metric', 'table'], read: (value) => ({ group: columnIn(value, 0).key }) },
  columns: { plots: ['table'], read: (value) => ({ columns: items(value, (name, at) => columnIn(name, at).key) }) },
  sort: {
    read: (value) => ({
      sort: items(value, (name, at) => {
        const descending = name.startsWith('-');
        return { column: columnIn(descending ? name.slice(1) : name, at + Number(descending)).key, descending };
      }),
    }),
  },
  limit: { read: (value) => ({ limit: wholeNumber(value, 1) }) },
  step: { plots: ['gradient'], read: (value) => ({ step: wholeNumber(value, 0) }) },
  log: { plots: ['metric', 'gradient'], read: (value) => ({ logarithmic: oneOf(value, ['yes', 'no']) === 'yes' }) },
  caption: { read: (caption) => ({ caption }) },
};

/** Names of the keys. */
export const BLOCK_KEYS: readonly string[] = Object.keys(KEYS);

/** A block that was read, or what is wrong in it. */
export type ReadBlock = { readonly runs: NamedRuns | null } & (
  { readonly block: ReportBlock } | { readonly problems: readonly ReportProblem[] }
);

/** The value of the key `runs`, which is read where the runs are known. */
export interface NamedRuns {
  readonly text: string;
  /** The problem at a place of the value. */
  readonly problemAt: (message: Text, position: number, length: number) => ReportProblem;
}

/** A key with its value, which may continue over several lines. */
interface Entry {
  readonly key: string;
  readonly at: SourceLine;
  /** Column of the key. */
  readonly column: number;
  readonly pieces: { readonly at: SourceLine; readonly column: number; readonly text: string }[];
}

/** Reads the lines of a block. @param opening the line that opens it, where what is missing is reported */
export function parseBlock(lines: readonly SourceLine[], opening: SourceLine): ReadBlock {
  const problems: ReportProblem[] = [];
  const entries = entriesOf(lines, problems);
  const seen = new Map<string, Entry>();
  let block: ReportBlock = { runs: '', ...DEFAULT_BLOCK };
  for (const entry of entries) {
    const { key, at, column } = entry;
    const here = (message: Text) => void problems.push(problemAt(at, column, key.length, message));
    const value = valueOf(entry);
    if (!isKey(key)) here(phrase('There is no key "{0}". Did you mean "{1}"?', key, nearestName(key, BLOCK_KEYS)));
    else if (seen.has(key)) here(phrase('The key "{0}" is there twice. Remove one of the lines.', key));
    else if (value === '') here(phrase('The key "{0}" has no value. Add one, or remove the line.', key));
    else
      try {
        block = { ...block, ...KEYS[key].read(value) };
      } catch (error) {
        if (!(error instanceof ValueError)) throw error;
        problems.push(located(entry, error.text, error.position, error.length));
      }
    seen.set(key, entry);
  }
  const runs = seen.get('runs');
  if (!runs)
    problems.push(
      problemAt(
        opening,
        0,
        opening.text.length,
        phrase('The block names no runs. Add a line such as "runs: cell = gru", or "runs: all".'),
      ),
    );
  problems.push(...inapplicable(block.plot, [...seen.values()]));
  const text = runs ? valueOf(runs) : '';
  const named = runs && text !== '' ? { text, problemAt: located.bind(undefined, runs) } : null;
  if (!named || problems.length > 0) return { runs: named, problems };
  // The gradient falls by orders of magnitude.
  if (block.plot === 'gradient' && !seen.has('log')) block = { ...block, logarithmic: true };
  return { runs: named, block };
}

/** Kind of a plot. */
export function plotKind(plot: ReportPlot): PlotKind {
  return OTHER_PLOTS.find((each) => each === plot) ?? 'metric';
}

function isKey(key: string): key is Key {
  return Object.hasOwn(KEYS, key);
}

/** Keys that the plot does not have, which would have no effect. */
function inapplicable(plot: ReportPlot, entries: readonly Entry[]): ReportProblem[] {
  return entries.flatMap(({ key, at, column }) => {
    const plots = isKey(key) ? KEYS[key].plots : undefined;
    if (!plots || plots.includes(plotKind(plot))) return [];
    return problemAt(
      at,
      column,
      key.length,
      phrase('The key "{0}" has no effect with "plot: {1}". Remove the line.', key, plot),
    );
  });
}

const LINE = /^(\s*)([^\s:]+)\s*:\s*(.*?)\s*$/;

function entriesOf(lines: readonly SourceLine[], problems: ReportProblem[]): Entry[] {
  const entries: Entry[] = [];
  for (const at of lines) {
    const { text } = at;
    const trimmed = text.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const indent = text.length - text.trimStart().length;
    const last = entries.at(-1);
    if (indent > 0 && last) {
      last.pieces.push({ at, column: indent, text: trimmed });
      continue;
    }
    const [, , key, value = ''] = LINE.exec(text) ?? [];
    if (key === undefined) {
      const message = phrase('Expected a key and a value, such as "plot: loss". Keys: {0}.', BLOCK_KEYS.join(', '));
      problems.push(problemAt(at, indent, trimmed.length, message));
      continue;
    }
    const column = value === '' ? text.length : text.indexOf(value, indent + key.length + 1);
    entries.push({ key, at, column: indent, pieces: [{ at, column, text: value }] });
  }
  return entries;
}

function valueOf({ pieces }: Entry): string {
  return pieces
    .map(({ text }) => text)
    .filter(Boolean)
    .join(' ');
}

/** The problem at a place of the value of an entry. */
function located({ pieces }: Entry, message: Text, position: number, length: number): ReportProblem {
  const filled = pieces.filter(({ text }) => text !== '');
  let start = 0;
  for (const { at, column, text } of filled) {
    const end = start + text.length;
    if (position <= end) {
      const shown = Math.min(length, end - position);
      return problemAt(at, column + position - start, Math.max(0, shown), message);
    }
    start = end + 1;
  }
  const [first] = pieces;
  return first
    ? problemAt(first.at, 0, first.at.text.length, message)
    : problemAt({ line: 1, text: '' }, 0, 0, message);
}

/** Reads one of a few names, without regard to case. */
function oneOf<T extends string>(value: string, names: readonly T[], aliases: ReadonlyMap<string, T> = new Map()): T {
  const wanted = value.toLowerCase();
  const found = names.find((name) => name.toLowerCase() === wanted) ?? aliases.get(wanted);
  if (found !== undefined) return found;
  const known = [...aliases.keys(), ...names];
  throw new ValueError(
    phrase(
      '"{0}" is not possible here. Did you mean "{1}"? Possible: {2}.',
      value,
      nearestName(value, known),
      names.join(', '),
    ),
    0,
    value.length,
  );
}

/** Finds a column. @param at its place in the value */
function columnIn(name: string, at: number): Column {
  const column = columnNamed(name);
  if (column) return column;
  const names = COLUMNS.flatMap(({ key, aliases }) => [key, ...aliases]);
  throw new ValueError(
    phrase('There is no field "{0}". Did you mean "{1}"?', name, nearestName(name, names)),
    at,
    name.length,
  );
}

/** Reads a list with commas. */
function items<T>(value: string, read: (item: string, at: number) => T): T[] {
  let start = 0;
  return value.split(',').map((item) => {
    const at = start + item.length - item.trimStart().length;
    start += item.length + 1;
    if (item.trim() === '') throw new ValueError(phrase('A name is missing between the commas.'), at, 0);
    return read(item.trim(), at);
  });
}

function wholeNumber(value: string, least: number): number {
  const number = /^\d{1,15}$/.test(value) ? Number(value) : NaN;
  if (number >= least) return number;
  throw new ValueError(phrase('Expected a whole number of at least {0}.', least), 0, value.length);
}
