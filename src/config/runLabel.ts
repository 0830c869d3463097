import type { FieldPath } from './applicability.ts';
import { effectiveFields } from './applicability.ts';
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
  /** What the run changed of its parent, and what tells it apart from others of its kind; empty without either. */
  readonly difference: string;
  /** The title without the seed and the time: the same for runs that differ in nothing else. */
  readonly setup: string;
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
  return new Map(
    drafts.map((draft) => [
      draft.run.id,
      { text: draft.text(withName), title: draft.title, difference: draft.difference, setup: draft.setup },
    ]),
  );
}

/** Adds to labels that are equal so far what tells their runs apart. */
function distinguish(group: readonly Draft[]): void {
  // The runs of a group were given the same number of differences.
  const room = MOST.differences - group.reduce((most, { differences }) => Math.max(most, differences), 0);
  if (group.length === 1 || room <= 0) return;
  const varying = [...paths.keys()].filter(
    (place) => differ(group, (each) => each.valueAt(place)) && differ(group, (each) => each.textAt(place)),
  );
  const learned = varying.filter((place) => isLearned[place]);
  const named = (learned.length > 0 ? learned : varying).slice(0, room);
  if (named.length === 0) return;
  for (const draft of group) for (const place of named) draft.add(place);
  for (const part of groupsOf(group, (draft) => draft.title)) distinguish(part);
}

/** Whether a part of the runs of a group is not the same in all of them. */
function differ(group: readonly Draft[], part: (draft: Draft) => unknown): boolean {
  const [first] = group;
  if (!first) return false;
  const expected = part(first);
  return group.some((each) => part(each) !== expected);
}

const paths = (Object.keys(shortFields) as FieldPath[]).filter((path) => shortFields[path] !== null);

/** Whether the field at each place changes what is learned. */
const isLearned = paths.map((path) => shortFields[path]?.learned === true);

/** Places of the fields in `paths`. */
const placeOf: ReadonlyMap<string, number> = new Map(paths.map((path, place) => [path, place]));

/** The label of one run while it is made. */
class Draft {
  readonly run: LabeledRun;
  readonly #kind: string;
  readonly #fields: Fields;
  readonly #changed: readonly string[];
  readonly #added: string[] = [];
  readonly #named = new Set<number>();
  /** The parts that tell repetitions of a run apart: seed, time and number. */
  readonly #ofRun = new Set<string>();

  constructor(run: LabeledRun) {
    this.run = run;
    this.#kind = shorten(modelKind(run.config, run.states), LONGEST.kind);
    this.#fields = fieldsOf(run.config);
    const places = Object.keys(run.parent?.changes ?? {}).flatMap((path) => placeOf.get(path) ?? []);
    const changed = places.filter((place) => this.valueAt(place) !== undefined).slice(0, MOST.changes);
    const seed = placeOf.get('seed');
    if (seed !== undefined) this.#ofRun.add(this.textAt(seed));
    this.#changed = changed.map((place) => {
      this.#named.add(place);
      return this.textAt(place);
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

  get difference(): string {
    return [...this.#changed, ...this.#added].join(' · ');
  }

  get setup(): string {
    const isShared = (text: string) => !this.#ofRun.has(text);
    const changed = [this.head, ...this.#changed.filter(isShared)].join(' + ');
    return [changed, ...this.#added.filter(isShared)].join(' · ');
  }

  text(withName: boolean): string {
    const changed = [withName ? this.head : this.#kind, ...this.#changed].join(' + ');
    return [changed, ...this.#added].join(' · ');
  }

  /** The value of the field at a place of `paths`; undefined if it has no effect in this run. */
  valueAt(place: number): FieldValue | undefined {
    return this.#fields.values[place];
  }

  /** The field at a place of `paths` in words; empty if it has no effect in this run. */
  textAt(place: number): string {
    const known = this.#fields.texts[place];
    if (known !== undefined) return known;
    const [path, value] = [paths[place], this.valueAt(place)];
    const text = value === undefined || !path ? '' : shorten(shortFields[path]?.text(value) ?? '', LONGEST.difference);
    this.#fields.texts[place] = text;
    return text;
  }

  add(place: number): void {
    const text = this.textAt(place);
    if (text !== '' && !this.#named.has(place)) this.#added.push(text);
    this.#named.add(place);
  }

  addTime(): void {
    this.#addOfRun(startTime().format(new Date(this.run.createdAt)));
  }

  addNumber(number: number): void {
    this.#addOfRun(`#${number}`);
  }

  #addOfRun(text: string): void {
    this.#ofRun.add(text);
    this.#added.push(text);
  }
}

let timeFormat: Intl.DateTimeFormat | undefined;

/** Format of the start of a run. It is made once, and only if labels need it, because making it takes 15 ms. */
function startTime(): Intl.DateTimeFormat {
  return (timeFormat ??= new Intl.DateTimeFormat('en', {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }));
}

/** The fields of a configuration, in the order of `paths`. */
interface Fields {
  /** Undefined for a field without an effect. */
  readonly values: readonly (FieldValue | undefined)[];
  /** Those that were asked for. */
  readonly texts: (string | undefined)[];
}

/** The fields of a configuration. It does not change, so they are read once. */
function fieldsOf(config: RunConfig): Fields {
  const known = read.get(config);
  if (known) return known;
  const effective = effectiveFields(config);
  const values = paths.map((path) => {
    const value = effective.has(path) ? getField(config, path) : undefined;
    return isValue(value) ? value : undefined;
  });
  const fields = { values, texts: [] };
  read.set(config, fields);
  return fields;
}

const read = new WeakMap<RunConfig, Fields>();

function isValue(value: unknown): value is FieldValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Replaces the middle of a text that is too long. */
function shorten(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const end = Math.floor((longest - 1) / 2);
  return `${text.slice(0, longest - 1 - end)}…${text.slice(-end)}`;
}

function groupsOf(drafts: readonly Draft[], keyOf: (draft: Draft) => string): Draft[][] {
  const groups = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const key = keyOf(draft);
    const group = groups.get(key);
    if (group) group.push(draft);
    else groups.set(key, [draft]);
  }
  return [...groups.values()];
}

function byStart(a: LabeledRun, b: LabeledRun): number {
  return compare(a.createdAt, b.createdAt) || compare(a.id, b.id);
}

/** Compares by code units: sorting thousands of texts by the rules of a language takes longer than labeling them. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
