import * as l10n from '@vscode/l10n';
import { configField } from '../../src/config/fields.ts';
import type { SweepContent, SweepFormRequest } from '../../src/protocol/sweepForm.ts';
import { readTyped } from '../form/fieldText.ts';
import { type OptionInputs, OPTIONS, type SweepOption, valueOf } from './options.ts';
import { type FieldInputs, offeredFields, type OfferedField, spaceOf } from './triedFields.ts';

/** What the input of the form amounts to. */
export interface SweepDraft {
  /** The fields that the form offers. */
  readonly fields: readonly OfferedField[];
  /** The options that are shown. */
  readonly options: readonly SweepOption[];
  /** Content of the sweep file. What cannot be read is kept as text, so that the check of the sweep refuses it. */
  readonly sweep: SweepContent;
  /** Number of trials at a time in this window; null for the default, and for jobs of a cluster. */
  readonly workers: number | null;
  /** Options of the command line; null for a sweep in this window. */
  readonly jobs: readonly string[] | null;
  /** Reasons why options that are in no sweep file are not allowed, by their keys. */
  readonly problems: ReadonlyMap<string, string>;
}

/** Applies the input of the user. */
export function sweepDraftOf(request: SweepFormRequest, fields: FieldInputs, inputs: OptionInputs): SweepDraft {
  const offered = offeredFields(request.start, fields);
  const options = OPTIONS.filter(({ applies }) => applies?.(inputs, request) ?? true);
  const text = (key: string): string => {
    const option = options.find((each) => each.key === key);
    return option ? valueOf(option, inputs, request).trim() : '';
  };
  const isOnSlurm = text('place') === 'slurm';
  const workers = readCount(text('workers'));
  return {
    fields: offered,
    options,
    sweep: sweepOf(request, offered, text),
    workers: typeof workers === 'number' && Number.isInteger(workers) ? workers : null,
    jobs: isOnSlurm ? options.flatMap((option) => jobArguments(option, text(option.key))) : null,
    problems: new Map(
      options.flatMap(({ key, allowed }) => {
        const value = text(key);
        return !allowed || value === '' || allowed.pattern.test(value)
          ? []
          : [[key, l10n.t('{0} is not allowed. Write it as in {1}.', value, allowed.example)] as const];
      }),
    ),
  };
}

/** @param text value of an option by its key; empty for one that does not apply */
function sweepOf(
  { run, base }: SweepFormRequest,
  offered: readonly OfferedField[],
  text: (key: string) => string,
): SweepContent {
  const method = text('method');
  const tried = offered.filter(({ isTried }) => isTried);
  const seeds = readCount(text('seeds')) ?? 1;
  return {
    from: run.id,
    ...(Object.keys(base).length > 0 && { base }),
    fields: Object.fromEntries(tried.map((each) => [each.field.path, spaceOf(each, method === 'grid')])),
    method: withoutEmpty({
      name: method,
      eta: readCount(text('eta')),
      minimumSteps: readCount(text('minimumSteps')),
    }),
    objective: withoutEmpty({ metric: text('metric'), direction: text('direction') || undefined }),
    seeds,
    budget: withoutEmpty({
      trials: timesSeeds(readCount(text('settings')), seeds),
      steps: readCount(text('steps')),
      seconds: readSeconds(text('seconds')),
    }),
  };
}

/** A number, or the text if it is none; undefined for an empty text. */
function readCount(text: string): number | string | undefined {
  const value = Number(text);
  return text === '' ? undefined : Number.isFinite(value) ? value : text;
}

/** The budget counts a trial for each seed of a setting. */
function timesSeeds(settings: number | string | undefined, seeds: number | string): number | string | undefined {
  return typeof settings === 'number' && typeof seeds === 'number' && seeds > 0 ? settings * seeds : settings;
}

const DURATION = configField('training.seconds');

function readSeconds(text: string): unknown {
  return text === '' || !DURATION ? undefined : readTyped(DURATION, text);
}

function withoutEmpty(parts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

function jobArguments({ key, group }: SweepOption, value: string): string[] {
  return group === 'jobs' && value !== '' ? [`--${key}`, value] : [];
}

/** Problems of a sweep, sorted by where they are shown. */
export interface PlacedProblems {
  /** By the paths of fields. */
  readonly fields: ReadonlyMap<string, string>;
  /** By the keys of options. */
  readonly options: ReadonlyMap<string, string>;
  /** What belongs to no field and no option. */
  readonly others: readonly string[];
}

/** Finds the field or the option that each problem of a check is about. */
export function placed(
  { fields, options, problems }: SweepDraft,
  found: readonly { readonly path: string; readonly reason: string }[],
): PlacedProblems {
  const ofFields = new Map<string, string>();
  const ofOptions = new Map(problems);
  const others: string[] = [];
  for (const { path, reason } of found) {
    const field = fields.find((each) => each.isTried && isPart(path, `fields.${each.field.path}`));
    const option = options.find(({ paths }) => paths.some((each) => isPart(path, each)));
    if (field) append(ofFields, field.field.path, reason);
    else if (option) append(ofOptions, option.key, reason);
    else others.push(reason);
  }
  return { fields: ofFields, options: ofOptions, others };
}

function isPart(path: string, whole: string): boolean {
  return path === whole || path.startsWith(`${whole}.`);
}

function append(problems: Map<string, string>, key: string, reason: string): void {
  const before = problems.get(key);
  problems.set(key, before === undefined ? reason : `${before} ${reason}`);
}
