import * as vscode from 'vscode';
import { checkField, readValue } from '../../config/parse.ts';
import { BUNDLED } from '../../protocol/nativeBackends.ts';
import type { ResumeChanges } from '../../protocol/trainer.ts';
import { readRecord, type RunRecord } from '../../runs/record.ts';
import type { Services } from '../services.ts';
import { refuseNative } from '../trust.ts';
import { can, chooseRun } from './chooseRun.ts';
import type { Commands } from './command.ts';

/** What a resume changes, given what the run was; undefined when the user thought better of it. */
type Change = (record: RunRecord) => ResumeChanges | Promise<ResumeChanges | undefined>;

/** The norm to clip to where a run was not clipped at all. */
const FIRST_CLIP_NORM = 1;

/** Going on with a run from its last checkpoint. */
export function resumeCommands(services: Services): Commands {
  const { runs, panels } = services;

  const resume = async (
    argument: unknown,
    capability: 'resume' | 'resumeChanged' | 'resumeElsewhere',
    change: Change,
  ) => {
    const run = await chooseRun(services, argument, vscode.l10n.t('Resume which run?'), (each) =>
      can(services, each, capability),
    );
    if (!run) return undefined;
    const record = await readRecord(run.folder);
    const changes = await change(record);
    if (!changes) return undefined;
    refuseNative(changes.backend ?? record.backend.name);
    panels.show(run);
    await runs.resume(run.id, changes);
    return run.id;
  };

  return {
    resumeRun: async (argument) => resume(argument, 'resume', longer),
    resumeWithHalfLearningRate: async (argument) =>
      resume(argument, 'resumeChanged', ({ config }) => ({ learningRate: config.training.learningRate / 2 })),
    resumeWithClipping: async (argument) =>
      resume(argument, 'resumeChanged', ({ config: { training } }) => ({
        clipNorm: training.clipNorm === 0 ? FIRST_CLIP_NORM : training.clipNorm / 2,
      })),
    resumeOnBundledBackend: async (argument) =>
      resume(argument, 'resumeElsewhere', async (record) => {
        const changes = await longer(record);
        return changes && { ...changes, backend: BUNDLED };
      }),
  };
}

/** A run that has used up its steps or seconds needs more of them to go on. */
async function longer({ progress, steps, secondsLimit }: RunRecord): Promise<ResumeChanges | undefined> {
  if (progress.step >= steps) {
    const prompt = vscode.l10n.t('All {0} steps are done. Train until which step?', steps);
    const total = await askTotal('training.steps', prompt, steps);
    return total === undefined ? undefined : { steps: total };
  }
  if (secondsLimit > 0 && progress.seconds >= secondsLimit) {
    const prompt = vscode.l10n.t('All {0} seconds are used up. Train for how many seconds in total?', secondsLimit);
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
        checkField(path, value) ?? (Number(value) > done ? undefined : vscode.l10n.t('More than {0}, please.', done))
      );
    },
  });
  return typed === undefined ? undefined : Number(typed);
}
