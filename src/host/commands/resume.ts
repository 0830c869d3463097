import * as vscode from 'vscode';
import { checkField, readValue } from '../../config/parse.ts';
import { BUNDLED } from '../../protocol/nativeBackends.ts';
import type { ResumeChanges } from '../../protocol/trainer.ts';
import { readOwnRecord } from '../../runs/logged/ownRecord.ts';
import type { RunRecord } from '../../runs/record.ts';
import type { Services } from '../services.ts';
import { refuseNative } from '../trust.ts';
import type { TurnOptions } from '../runs/trainingQueue.ts';
import { can, chooseRun } from './chooseRun.ts';
import { afterOf } from './queue.ts';
import type { Commands } from './command.ts';

/** Returns the changes for resuming a run, or undefined if the user cancels. */
type Change = (record: RunRecord) => ResumeChanges | Promise<ResumeChanges | undefined>;

/** Clipping norm for a run without clipping. */
const FIRST_CLIP_NORM = 1;

/** Commands that resume a run from its last checkpoint. */
export function resumeCommands(services: Services): Commands {
  const { runs, panels } = services;

  const resume = async (
    argument: unknown,
    capability: 'resume' | 'resumeChanged' | 'resumeElsewhere',
    change: Change,
    turn: TurnOptions = {},
  ) => {
    const run = await chooseRun(services, argument, vscode.l10n.t('Select the run to resume'), (each) =>
      can(services, each, capability),
    );
    if (!run) return undefined;
    const record = await readOwnRecord(run.folder);
    const changes = await change(record);
    if (!changes) return undefined;
    refuseNative(changes.backend ?? record.backend.name);
    panels.show(run);
    await runs.resume(run.id, changes, turn);
    return run.id;
  };

  return {
    resumeRun: async (argument, options) => resume(argument, 'resume', askHigherLimit, { after: afterOf(options) }),
    resumeWithHalfLearningRate: async (argument) =>
      resume(argument, 'resumeChanged', ({ config }) => ({ learningRate: config.training.learningRate / 2 })),
    resumeWithClipping: async (argument) =>
      resume(argument, 'resumeChanged', ({ config: { training } }) => ({
        clipNorm: training.clipNorm === 0 ? FIRST_CLIP_NORM : training.clipNorm / 2,
      })),
    resumeOnBundledBackend: async (argument) =>
      resume(argument, 'resumeElsewhere', async (record) => {
        const changes = await askHigherLimit(record);
        return changes && { ...changes, backend: BUNDLED };
      }),
  };
}

/** Asks for a higher limit if the run has used all of its steps or seconds. */
async function askHigherLimit({ progress, steps, secondsLimit }: RunRecord): Promise<ResumeChanges | undefined> {
  if (progress.step >= steps) {
    const prompt = vscode.l10n.t('All {0} steps are complete. Enter the new total number of steps', steps);
    const total = await askTotal('training.steps', prompt, steps);
    return total === undefined ? undefined : { steps: total };
  }
  if (secondsLimit > 0 && progress.seconds >= secondsLimit) {
    const prompt = vscode.l10n.t(
      'The time limit of {0} seconds is reached. Enter the new total time in seconds',
      secondsLimit,
    );
    const total = await askTotal('training.seconds', prompt, secondsLimit);
    return total === undefined ? undefined : { seconds: total };
  }
  return {};
}

async function askTotal(path: string, prompt: string, done: number): Promise<number | undefined> {
  const typed = await vscode.window.showInputBox({
    prompt,
    value: String(2 * done),
    validateInput: (text) => {
      const value = readValue(text);
      return (
        checkField(path, value) ??
        (Number(value) > done ? undefined : vscode.l10n.t('Enter a number greater than {0}.', done))
      );
    },
  });
  return typed === undefined ? undefined : Number(typed);
}
