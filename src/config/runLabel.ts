import type { FieldPath } from './applicability.ts';
import { hasEffect } from './applicability.ts';
import { modelKind } from './modelKind.ts';
import { getField } from './parse.ts';
import type { RunParent } from './runParent.ts';
import type { RunConfig } from './schema.ts';
import { type FieldValue, shortFields } from './shortFields.ts';

/** A run to label. */
export interface LabeledRun {
  readonly id: string;
  readonly config: RunConfig;
  /** Name of the file or document that it is trained on, or of the task that generates its data. */
  readonly name: string;
  /** ISO date and time. */
  readonly createdAt: string;
  /** Number of states of a tagger's Markov model; null for other models, and while it is unknown. */
  readonly states: number | null;
  readonly parent: RunParent | null;
}

export interface RunLabel {
  /** What the run is and how it differs from the others; different from the texts of the others. */
  readonly text: string;
  /** The same with the name of the data, which `text` omits if all runs have the same data. */
  readonly title: string;
}

/** Bounds of the lengths, in characters. */
const LONGEST = { kind: 40, name: 32, difference: 28 } as const;
/** Maximum number of changes of the parent in a label, and of other differences. */
const MOST = { changes: 2, differences: 4 } as const;

/** Upper bound of the length of a label, which may end with a time and a number. */
export const MAX_LABEL_LENGTH =
  LONGEST.kind + LONGEST.name + (MOST.changes + MOST.differences) * (LONGEST.difference + 3) + 40;

/**
 * Labels runs that are seen together: first the kind of the model, then the name of the data if they differ in it, then
 * what else tells apart runs of the same kind on the same data, such as "GRU 1x100 · ferry.txt · lr 0.002". What a run
 * changed of the run that it was started from follows a plus: "LSTM 1x100 + forget bias 3". Runs without a difference
 * are told apart by the time at which they were started.
 * @returns labels by id; they do not depend on the order of the runs
 */
export function labelRuns(runs: readonly LabeledRun[]): ReadonlyMap<string, RunLabel> {
  const drafts = runs.toSorted(byStart).map((run) => new Draft(run));
  const withName = new Set(runs.map(({ name }) => name)).size > 1 || runs.length === 1;
  for (const group of groupsOf(drafts, (draft) => draft.head)) distinguish(group);
  for (const equal of groupsOf(drafts, (draft) => draft.text(withName))) {
    if (equal.length > 1) for (const each of equal) each.addTime();
  }
  for (const equal of groupsOf(drafts, (draft) => draft.text(withName))) {
    if (equal.length > 1) equal.forEach((each, i) => each.addNumber(i + 1));
  }
  return new Map(drafts.map((draft) => [draft.run.id, { text: draft.text(withName), title: draft.title }]));
}

/** Adds to labels that are equal so far what tells their runs apart. */
function distinguish(group: readonly Draft[]): void {
  const room = MOST.differences - Math.max(...group.map(({ differences }) => differences));
  if (group.length === 1 || room <= 0) return;
  const varying = paths.filter((path) => new Set(group.map((draft) => draft.textOf(path))).size > 1);
  const learned = varying.filter((path) => shortFields[path]?.learned);
  const named = (learned.length > 0 ? learned : varying).slice(0, room);
  if (named.length === 0) return;
  for (const draft of group) for (const path of named) draft.add(path);
  for (const part of groupsOf(group, (draft) => draft.title)) distinguish(part);
}

const paths = (Object.keys(shortFields) as FieldPath[]).filter((path) => shortFields[path] !== null);

/** The label of one run while it is made. */
class Draft {
  readonly run: LabeledRun;
  readonly #kind: string;
  readonly #texts: ReadonlyMap<string, string>;
  readonly #changed: readonly string[];
  readonly #added: string[] = [];
  readonly #named = new Set<string>();

  constructor(run: LabeledRun) {
    this.run = run;
    this.#kind = shorten(modelKind(run.config, run.states), LONGEST.kind);
    this.#texts = textsOf(run.config);
    const changed = Object.keys(run.parent?.changes ?? {}).filter((path) => this.#texts.has(path));
    this.#changed = changed.slice(0, MOST.changes).map((path) => {
      this.#named.add(path);
      return this.#texts.get(path) ?? '';
    });
  }

  /** Number of differences, without the changes of the parent. */
  get differences(): number {
    return this.#added.length;
  }

  /** Kind and data. */
  get head(): string {
    return `${this.#kind} · ${shorten(this.run.name, LONGEST.name)}`;
  }

  get title(): string {
    return this.text(true);
  }

  text(withName: boolean): string {
    const changed = [withName ? this.head : this.#kind, ...this.#changed].join(' + ');
    return [changed, ...this.#added].join(' · ');
  }

  /** The field in words; empty if it has no effect in this run. */
  textOf(path: FieldPath): string {
    return this.#texts.get(path) ?? '';
  }

  add(path: FieldPath): void {
    const text = this.textOf(path);
    if (text !== '' && !this.#named.has(path)) this.#added.push(text);
    this.#named.add(path);
  }

  addTime(): void {
    const time = { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
    this.#added.push(new Date(this.run.createdAt).toLocaleString('en', { ...time, hourCycle: 'h23' }));
  }

  addNumber(number: number): void {
    this.#added.push(`#${number}`);
  }
}

/** Texts of the fields that have an effect, by path. A configuration does not change, so they are formed once. */
function textsOf(config: RunConfig): ReadonlyMap<string, string> {
  const known = formed.get(config);
  if (known) return known;
  const texts = new Map<string, string>();
  for (const path of paths) {
    const value = getField(config, path);
    if (!isValue(value) || !hasEffect(config, path)) continue;
    texts.set(path, shorten(shortFields[path]?.text(value) ?? '', LONGEST.difference));
  }
  formed.set(config, texts);
  return texts;
}

const formed = new WeakMap<RunConfig, ReadonlyMap<string, string>>();

function isValue(value: unknown): value is FieldValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Replaces the middle of a text that is too long. */
function shorten(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const end = Math.floor((longest - 1) / 2);
  return `${text.slice(0, longest - 1 - end)}…${text.slice(-end)}`;
}

function groupsOf(drafts: readonly Draft[], key: (draft: Draft) => string): Draft[][] {
  const groups = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const group = groups.get(key(draft));
    if (group) group.push(draft);
    else groups.set(key(draft), [draft]);
  }
  return [...groups.values()];
}

function byStart(a: LabeledRun, b: LabeledRun): number {
  return a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id);
}
