import * as vscode from 'vscode';
import { effectiveFields } from '../../config/applicability.ts';
import type { RunConfig } from '../../config/schema.ts';
import { rounded } from '../../config/suggestedSpace.ts';

/** Field of the presets. */
const RATE = 'training.learningRate';

/** Number of learning rates of the preset, and factor of the largest and the smallest one to the present rate. */
const RATES = 9;
const RATE_FACTOR = 10;

/** Most seeds that a preset has. */
const MOST_SEEDS = 1000;

/** What the user has chosen: a range test, the form, or a sweep of learning rates as parts of a sweep file. */
export type ChosenPreset = 'range-test' | 'form' | { readonly fields: object; readonly seeds: number };

/**
 * Asks what to try from a run: a preset, or fields that are chosen in the form.
 * @returns undefined if the user dismisses a question
 */
export async function choosePreset(title: string, base: RunConfig): Promise<ChosenPreset | undefined> {
  if (!hasRate(base)) return 'form';
  const fields = { label: `$(list-selection) ${vscode.l10n.t('Choose fields...')}`, preset: 'form' as const };
  const chosen = await vscode.window.showQuickPick([rates(base), rangeTest(), fields], {
    title,
    placeHolder: vscode.l10n.t('Select what to try'),
  });
  if (!chosen) return undefined;
  if (typeof chosen.preset === 'string') return chosen.preset;
  const seeds = await askForSeeds(title);
  return seeds === undefined ? undefined : { fields: chosen.preset, seeds };
}

/** Whether the training of a configuration has a learning rate. */
export function hasRate(base: RunConfig): boolean {
  const effective: ReadonlySet<string> = effectiveFields(base);
  return effective.has(RATE);
}

/** A grid of learning rates around the present one: its loss against the rate shows where training diverges. */
function rates(base: RunConfig): vscode.QuickPickItem & { readonly preset: object } {
  const { learningRate } = base.training;
  const range: [number, number] = [rounded(learningRate / RATE_FACTOR), rounded(learningRate * RATE_FACTOR)];
  return {
    label: `$(graph-line) ${vscode.l10n.t('Learning rates')}`,
    description: vscode.l10n.t('{0} rates from {1} to {2}', RATES, ...range),
    preset: { [RATE]: { range, scale: 'log', points: RATES } },
  };
}

/** A range test, which is one short run instead of a sweep. */
function rangeTest(): vscode.QuickPickItem & { readonly preset: 'range-test' } {
  return {
    label: `$(graph-line) ${vscode.l10n.t('Learning rate range test')}`,
    description: vscode.l10n.t('one short run whose rate grows at each step'),
    preset: 'range-test',
  };
}

async function askForSeeds(title: string): Promise<number | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Number of seeds for each setting'),
    value: '1',
    ignoreFocusOut: true,
    validateInput: (typed) =>
      /^\d+$/.test(typed) && Number(typed) >= 1 && Number(typed) <= MOST_SEEDS
        ? undefined
        : vscode.l10n.t('Give a whole number from 1 to {0}.', MOST_SEEDS),
  });
  return text === undefined ? undefined : Number(text);
}
