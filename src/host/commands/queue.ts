import * as vscode from 'vscode';
import { plainLabel } from '../plainLabel.ts';
import type { Capability } from '../runs/capabilities.ts';
import { describeRun, runIcon } from '../runs/describe.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';
import { can, chooseRun } from './chooseRun.ts';
import type { Commands } from './command.ts';

/** Starts what follows the end of a run. */
interface Follower extends vscode.QuickPickItem {
  readonly start: () => unknown;
}

/**
 * Commands for the order in which runs train, and for all runs of the window at once.
 * @param selected the selected run of the view "Runs", which the keys of the view act on
 */
export function queueCommands(services: Services, selected: () => RunModel | undefined): Commands {
  const { runs } = services;
  const { turns } = runs;

  const onRun =
    (capability: Capability, placeholder: string, act: (run: RunModel) => unknown) => async (argument: unknown) => {
      const run = await chooseRun(services, argument, placeholder, (each) => can(services, each, capability));
      if (run) await act(run);
    };

  const waitingSelection = () => {
    const run = selected();
    return run && can(services, run, 'reorder') ? run : undefined;
  };
  const moveUp = onRun('reorder', vscode.l10n.t('Select the run to move up in the queue'), ({ id }) =>
    turns.move(id, -1),
  );
  const moveDown = onRun('reorder', vscode.l10n.t('Select the run to move down in the queue'), ({ id }) =>
    turns.move(id, 1),
  );

  /** Runs that can begin when a run has ended: the waiting ones, and stored ones that can be resumed. */
  const followersOf = (run: RunModel): Follower[] => {
    const item = (each: RunModel, start: () => unknown): Follower => ({
      label: `$(${runIcon(each.state)}) ${plainLabel(each.view.title)}`,
      description: describeRun(each),
      start,
    });
    const others = runs.runs.filter((each) => each !== run);
    const waiting = others.filter((each) => can(services, each, 'reorder') && !turns.follows(run.id, each.id));
    const resumable = others.filter((each) => can(services, each, 'resume'));
    return [
      {
        label: `$(play) ${vscode.l10n.t('Train from configuration...')}`,
        start: () => vscode.commands.executeCommand('sequenceLab.trainFromConfiguration', { after: run.id }),
      },
      ...waiting.map((each) => item(each, () => turns.startAfter(each.id, run.id))),
      ...resumable.map((each) =>
        item(each, () => vscode.commands.executeCommand('sequenceLab.resumeRun', each, { after: run.id })),
      ),
    ];
  };

  return {
    pauseAllRuns: async () => turns.pauseAll(),
    continueAllRuns: async () => turns.continueAll(),
    trainNext: onRun('reorder', vscode.l10n.t('Select the run to train next'), ({ id }) => turns.trainNext(id)),
    moveUpInQueue: async (argument) => moveUp(argument ?? waitingSelection()),
    moveDownInQueue: async (argument) => moveDown(argument ?? waitingSelection()),
    removeFromQueue: onRun('dequeue', vscode.l10n.t('Select the run to remove from the queue'), async ({ id }) =>
      runs.liveRun(id)?.leaveQueue(),
    ),
    startWhenRunEnds: onRun('follow', vscode.l10n.t('Select the run whose end to wait for'), async (run) => {
      const placeHolder = vscode.l10n.t('Select what to train when "{0}" has ended', run.view.title);
      const chosen = await vscode.window.showQuickPick(followersOf(run), { placeHolder, matchOnDescription: true });
      await chosen?.start();
    }),
  };
}

/** The run whose end a command waits for, from its argument; undefined for none. */
export function afterOf(argument: unknown): string | undefined {
  return typeof argument === 'object' && argument !== null && 'after' in argument && typeof argument.after === 'string'
    ? argument.after
    : undefined;
}
