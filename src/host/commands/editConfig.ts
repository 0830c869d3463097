import * as vscode from 'vscode';
import { describeConditions, hasEffect } from '../../config/applicability.ts';
import { configFields, type ConfigField } from '../../config/fields.ts';
import { checkField, getField, parseRunConfig, setField } from '../../config/parse.ts';
import type { RunConfig } from '../../config/schema.ts';
import { summarize, summarizeTraining } from '../runs/summary.ts';
import { BACK, inputStep, pickStep } from './quickInput.ts';
import { parseInput, formatFieldValue } from './fieldInput.ts';

interface FieldItem extends vscode.QuickPickItem {
  readonly field?: ConfigField;
}

/**
 * Lets the user edit the fields of a configuration in a list. Selecting a field opens an input and returns to the list;
 * the first entry starts the training.
 * @returns the configuration, BACK, or undefined if the user dismissed it
 */
export async function editConfig(start: RunConfig, title: string): Promise<RunConfig | typeof BACK | undefined> {
  let config = start;
  for (;;) {
    const placeholder = vscode.l10n.t('Press Enter to start training, or select a value to change');
    const chosen = await pickStep({ title, back: true, placeholder, items: itemsOf(config) });
    if (chosen === undefined || chosen === BACK) return chosen;
    const { field } = chosen;
    if (!field) return config;
    const value = await askValue(field, getField(config, field.path), title);
    if (value === undefined) return undefined;
    if (value !== BACK) config = parseRunConfig(setField(config, field.path, value));
  }
}

/** The start of the training, the fields by group, and at the end those without an effect, with what they need. */
function itemsOf(config: RunConfig): FieldItem[] {
  const label = `$(play) ${vscode.l10n.t('Start training')}`;
  const items: FieldItem[] = [{ label, description: summarize(config), detail: summarizeTraining(config) }];
  let group = '';
  for (const field of configFields.filter(({ path }) => hasEffect(config, path))) {
    const dot = field.path.indexOf('.');
    const fieldGroup = dot < 0 ? 'run' : field.path.slice(0, dot);
    if (fieldGroup !== group) items.push({ label: fieldGroup, kind: vscode.QuickPickItemKind.Separator });
    group = fieldGroup;
    items.push(itemOf(field, config, field.description));
  }
  const others = configFields.filter(({ path }) => !hasEffect(config, path));
  if (others.length === 0) return items;
  const separator = { label: vscode.l10n.t('no effect on this run'), kind: vscode.QuickPickItemKind.Separator };
  const reasonOf = ({ path }: ConfigField) => vscode.l10n.t('Applies if {0}.', describeConditions(path) ?? '');
  return [...items, separator, ...others.map((field) => itemOf(field, config, reasonOf(field)))];
}

function itemOf(field: ConfigField, config: RunConfig, detail: string): FieldItem {
  return { label: field.path, description: formatFieldValue(field, getField(config, field.path)), detail, field };
}

async function askValue(field: ConfigField, value: unknown, title: string): Promise<unknown> {
  const step = { title: `${title}: ${field.path}`, back: true };
  const choices = field.type === 'boolean' ? [true, false] : field.enum;
  if (choices) {
    const items = choices.map((choice) => ({
      choice,
      label: String(choice),
      description: choice === field.default ? vscode.l10n.t('default') : '',
    }));
    const active = items.find(({ choice }) => choice === value);
    const chosen = await pickStep({ ...step, placeholder: field.description, items, ...(active && { active }) });
    return typeof chosen === 'object' ? chosen.choice : chosen;
  }
  const typed = await inputStep({
    ...step,
    prompt: vscode.l10n.t('{0} Default: {1}', field.description, formatFieldValue(field, field.default)),
    value: String(value),
    check: (text) => checkField(field.path, parseInput(field, text)),
  });
  return typeof typed === 'string' ? parseInput(field, typed) : typed;
}
