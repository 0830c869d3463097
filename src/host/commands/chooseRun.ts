import * as vscode from 'vscode';
import { capabilitiesOf, type Capability } from '../runs/capabilities.ts';
import { sortByFile } from '../runs/fileOrder.ts';
import { describeRun, runIcon } from '../runs/describe.ts';
import { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';
import { plainLabel } from '../plainLabel.ts';
import { pathOf } from '../uris.ts';

/** True if something can be done with a run. */
export function can({ runs }: Pick<Services, 'runs'>, run: RunModel, capability: Capability): boolean {
  return capabilitiesOf(run, runs.liveRun(run.id) !== undefined).includes(capability);
}

/**
 * Run of a command: the run that it was called on (a tree item or an id), the run of the focused panel, the only
 * suitable run, or one that the user selects, in this order.
 * @param fits returns true for runs that are suitable; not applied to a run that the command was called on
 * @returns undefined if the user selects none
 */
export async function chooseRun(
  { runs, panels }: Pick<Services, 'runs' | 'panels'>,
  argument: unknown,
  placeholder: string,
  fits: (run: RunModel) => boolean,
): Promise<RunModel | undefined> {
  if (argument instanceof RunModel) return argument;
  await runs.refresh();
  if (typeof argument === 'string') return runs.run(argument);
  const active = panels.activeRun;
  if (active && fits(active)) return active;
  return pickRun(runs.runs.filter(fits), placeholder);
}

/**
 * Runs that a command was called on.
 * @param argument a run or its id, or a list of them
 * @param selected all selected runs of a tree
 * @returns none if the command was called without a run
 */
export async function givenRuns(
  { runs }: Pick<Services, 'runs'>,
  argument: unknown,
  selected: unknown,
): Promise<readonly RunModel[]> {
  await runs.refresh();
  const given: unknown = Array.isArray(selected) ? selected : argument;
  return (Array.isArray(given) ? (given as unknown[]) : [given]).flatMap((each) => {
    if (each instanceof RunModel) return [each];
    return typeof each === 'string' ? (runs.run(each) ?? []) : [];
  });
}

/**
 * Runs of a command: those that it was called on, or those that the user selects, beginning with the run of the focused
 * panel.
 * @param args arguments of the command; see `givenRuns`
 * @param options.fits returns true for runs that can be selected
 * @returns none if the user selects none
 */
export async function chooseRuns(
  { runs, panels }: Pick<Services, 'runs' | 'panels'>,
  [argument, selected]: readonly unknown[],
  { placeHolder, fits = () => true }: { readonly placeHolder: string; readonly fits?: (run: RunModel) => boolean },
): Promise<readonly RunModel[]> {
  const given = await givenRuns({ runs }, argument, selected);
  if (given.length > 0) return given;
  const choices = runs.runs.filter(fits).map((run) => ({
    label: `$(${runIcon(run.state)}) ${plainLabel(run.view.title)}`,
    description: describeRun(run),
    picked: run === panels.activeRun,
    run,
  }));
  const chosen = await vscode.window.showQuickPick(choices, {
    canPickMany: true,
    placeHolder,
    matchOnDescription: true,
  });
  return (chosen ?? []).map(({ run }) => run);
}

/** Lets the user select a run, unless there is only one. */
export async function pickRun(candidates: readonly RunModel[], placeholder: string): Promise<RunModel | undefined> {
  if (candidates.length === 0)
    throw new Error(vscode.l10n.t('No run supports this command. Start one with "Train LSTM on file".'));
  if (candidates.length === 1) return candidates[0];
  const items = candidates.map((run) => ({
    label: `$(${runIcon(run.state)}) ${plainLabel(run.view.title)}`,
    description: describeRun(run),
    detail: run.view.summary,
    run,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    placeHolder: placeholder,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.run;
}

/**
 * Run whose model reads a document: the run that the command was called on, the run of the focused panel, the only run
 * on this file, or one that the user selects, in this order.
 */
export async function chooseReader(
  services: Services,
  argument: unknown,
  { uri }: vscode.TextDocument,
): Promise<RunModel | undefined> {
  if (argument instanceof RunModel) return argument;
  await services.runs.refresh();
  const readers = services.runs.runs.filter((run) => can(services, run, 'generate'));
  const path = pathOf(uri) ?? uri.path;
  const active = services.panels.activeRun;
  if (active && readers.includes(active)) return active;
  const onFile = readers.filter(({ sourcePath }) => sourcePath === path);
  return onFile.length === 1
    ? onFile[0]
    : pickRun(sortByFile(readers, path), vscode.l10n.t('Select the model to run on the text'));
}
