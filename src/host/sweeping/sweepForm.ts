import * as vscode from 'vscode';
import { effectiveFields } from '../../config/applicability.ts';
import { type ConfigField, describedField, fieldsOf, FILE_FIELDS } from '../../config/fields.ts';
import { getField, setField, fieldProblems } from '../../config/parse.ts';
import type { RunConfig } from '../../config/schema.ts';
import type { FieldValue } from '../../config/shortFields.ts';
import { say } from '../../phrases/phrase.ts';
import {
  describeSpace,
  isNumeric,
  type NamedSpace,
  parseSpace,
  rounded,
  suggestedSpace,
} from '../../sweeps/fieldText.ts';
import { MOST_SETTINGS } from '../../sweeps/plannedTrials.ts';

/** Fields that a sweep does not offer: those of the data and of the computer, and those that the sweep sets itself. */
const NOT_OFFERED = /^(data\.(?!sequenceLength$)|seed$|backend$|threads$|task\.name$)/;

/** A field that differs most often between runs is offered first, and selected. */
const FIRST = 'training.learningRate';

/** Number of learning rates of the preset, and factor of the largest and the smallest one to the present rate. */
const RATES = 9;
const RATE_FACTOR = 10;

/** Number of settings that are drawn unless the user chooses another. */
const DRAWN = 12;

/** Most settings of a grid that is offered: more are drawn. */
const LARGEST_GRID = 64;

interface FieldItem extends vscode.QuickPickItem {
  readonly field: ConfigField;
  readonly value: FieldValue;
}

/** What the user has chosen to try, as the parts of a sweep file. */
export interface ChosenSweep {
  readonly fields: Readonly<Record<string, NamedSpace & { readonly points?: number }>>;
  readonly method: { readonly name: 'grid' | 'random' | 'asha' };
  readonly budget: { readonly trials?: number };
  readonly seeds: number;
}

/**
 * Asks which fields of a configuration to try, with which values, and how.
 * @returns undefined if the user dismisses a question; 'range-test' for a learning rate range test
 */
export async function askForSweep(title: string, base: RunConfig): Promise<ChosenSweep | 'range-test' | undefined> {
  const presets = hasRate(base) ? [rates(base), rangeTest()] : [];
  const choose = { label: `$(list-selection) ${vscode.l10n.t('Choose fields...')}`, sweep: undefined };
  const placeHolder = vscode.l10n.t('Select what to try');
  const chosen =
    presets.length === 0 ? choose : await vscode.window.showQuickPick([...presets, choose], { title, placeHolder });
  if (!chosen) return undefined;
  if (chosen.sweep === 'range-test') return chosen.sweep;
  const tried = chosen.sweep ?? (await askForFields(title, base));
  if (!tried) return undefined;
  const seeds = await askForNumber(title, vscode.l10n.t('Number of seeds for each setting'), 1, 1000);
  if (seeds === undefined) return undefined;
  // The budget counts a trial for each seed of a setting.
  const { trials } = tried.budget;
  return { ...tried, seeds, budget: trials === undefined ? {} : { trials: trials * seeds } };
}

/** What is tried, before the number of seeds is chosen. */
type Tried = Omit<ChosenSweep, 'seeds'>;

/** Whether the training of a configuration has a learning rate. */
export function hasRate(base: RunConfig): boolean {
  const effective: ReadonlySet<string> = effectiveFields(base);
  return effective.has(FIRST);
}

/** A grid of learning rates around the present one: its loss against the rate shows where training diverges. */
function rates(base: RunConfig): vscode.QuickPickItem & { readonly sweep: Tried } {
  const { learningRate } = base.training;
  const range: [number, number] = [rounded(learningRate / RATE_FACTOR), rounded(learningRate * RATE_FACTOR)];
  return {
    label: `$(graph-line) ${vscode.l10n.t('Learning rates')}`,
    description: vscode.l10n.t('{0} rates from {1} to {2}', RATES, ...range),
    sweep: {
      fields: { [FIRST]: { range, scale: 'log', points: RATES } },
      method: { name: 'grid' },
      budget: {},
    },
  };
}

/** A range test, which is one short run instead of a sweep. */
function rangeTest(): vscode.QuickPickItem & { readonly sweep: 'range-test' } {
  return {
    label: `$(graph-line) ${vscode.l10n.t('Learning rate range test')}`,
    description: vscode.l10n.t('one short run whose rate grows at each step'),
    sweep: 'range-test',
  };
}

async function askForFields(title: string, base: RunConfig): Promise<Tried | undefined> {
  const chosen = await vscode.window.showQuickPick(fieldItems(base), {
    title,
    canPickMany: true,
    placeHolder: vscode.l10n.t('Select the fields to try'),
    matchOnDescription: true,
  });
  if (!chosen || chosen.length === 0) return undefined;
  const fields: Record<string, NamedSpace> = {};
  for (const { field, value } of chosen) {
    const space = await askForValues(title, base, field, value);
    if (!space) return undefined;
    fields[field.path] = space;
  }
  const method = await askForMethod(title, fields);
  return method && { ...method, fields };
}

function fieldItems(base: RunConfig): FieldItem[] {
  const effective: ReadonlySet<string> = effectiveFields(base);
  return fieldsOf(base.task.name)
    .filter(({ path }) => effective.has(path) && !NOT_OFFERED.test(path) && !FILE_FIELDS.has(path))
    .flatMap((field): FieldItem[] => {
      const value = getField(base, field.path);
      if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'boolean') return [];
      const detail = say(describedField(field));
      return [{ label: field.path, description: String(value), detail, field, value, picked: field.path === FIRST }];
    })
    .sort((a, b) => Number(b.picked) - Number(a.picked));
}

async function askForValues(
  title: string,
  base: RunConfig,
  field: ConfigField,
  value: FieldValue,
): Promise<NamedSpace | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    value: describeSpace(suggestedSpace(field, value)),
    prompt: isNumeric(field.type)
      ? vscode.l10n.t('Values of {0}, such as "{1}", or a range, such as "{2}"', field.path, '1, 2, 4', '1 to 4 log')
      : vscode.l10n.t('Values of {0}, with commas between them', field.path),
    ignoreFocusOut: true,
    validateInput: (typed) => problemOf(typed, base, field),
  });
  return text === undefined ? undefined : parseSpace(text, field);
}

/** What is wrong with typed values; undefined if nothing is. */
function problemOf(typed: string, base: RunConfig, field: ConfigField): string | undefined {
  const space = parseSpace(typed, field);
  if (!space) return vscode.l10n.t('Give values with commas between them.');
  const { values, choices, range, scale } = space;
  if (range && !(range[0] < range[1])) return vscode.l10n.t('Give the smaller number of the range first.');
  if (range && scale === 'log' && range[0] <= 0) return vscode.l10n.t('A range with "log" begins above 0.');
  const listed: readonly FieldValue[] = values ?? choices ?? range ?? [];
  if (new Set(listed).size < listed.length) return vscode.l10n.t('Give each value once.');
  for (const each of listed) {
    const problem = fieldProblems(setField(base, field.path, each)).find(({ path }) => path === field.path);
    if (problem) return say(problem.reason);
  }
  return undefined;
}

async function askForMethod(
  title: string,
  fields: Readonly<Record<string, NamedSpace>>,
): Promise<Pick<ChosenSweep, 'method' | 'budget'> | undefined> {
  const spaces = Object.values(fields);
  const grid = spaces.some(({ range }) => range)
    ? undefined
    : spaces.reduce((product, { values, choices }) => product * (values ?? choices ?? []).length, 1);
  const items = [
    ...(grid !== undefined && grid <= LARGEST_GRID
      ? [
          {
            label: vscode.l10n.t('Every combination'),
            description: vscode.l10n.t('{0} settings', grid),
            name: 'grid' as const,
          },
        ]
      : []),
    {
      label: vscode.l10n.t('Random settings'),
      description: vscode.l10n.t('spread evenly over the values'),
      name: 'random' as const,
    },
    {
      label: vscode.l10n.t('Random settings, the best of which train to the end'),
      description: vscode.l10n.t('asynchronous successive halving'),
      name: 'asha' as const,
    },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: vscode.l10n.t('Select how to try them'),
  });
  if (!chosen) return undefined;
  if (chosen.name === 'grid') return { method: { name: 'grid' }, budget: {} };
  const trials = await askForNumber(title, vscode.l10n.t('Number of settings'), DRAWN, MOST_SETTINGS);
  return trials === undefined ? undefined : { method: { name: chosen.name }, budget: { trials } };
}

async function askForNumber(title: string, prompt: string, value: number, most: number): Promise<number | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    prompt,
    value: String(value),
    ignoreFocusOut: true,
    validateInput: (typed) =>
      /^\d+$/.test(typed) && Number(typed) >= 1 && Number(typed) <= most
        ? undefined
        : vscode.l10n.t('Give a whole number from 1 to {0}.', most),
  });
  return text === undefined ? undefined : Number(text);
}
