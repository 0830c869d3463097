import * as vscode from 'vscode';
import type { CheckpointPair, DifferenceHostFunctions } from '../../protocol/difference.ts';
import type { RemoteTrainer, StoredCheckpoint } from '../../protocol/trainer.ts';
import { checkpointSteps } from '../../runs/checkpoints.ts';
import { comparableFiles, readDifference } from '../../runs/readDifference.ts';
import { readRecord } from '../../runs/record.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { TrainerSettings } from '../settings.ts';
import { refuseNative } from '../trust.ts';
import type { DataTexts } from './dataTexts.ts';

export interface DifferenceOptions {
  readonly run: (id: string) => RunModel | undefined;
  readonly settings: () => TrainerSettings;
  /** Makes one request to a new trainer. @param backend that it has to load, if any */
  readonly ask: <T>(request: (remote: RemoteTrainer) => Promise<T>, backend?: string) => Promise<T>;
  readonly texts: DataTexts;
  readonly onError: (error: unknown) => void;
}

/** Functions for the difference of two runs, and of two checkpoints, in the tab "Compare". */
export function differenceFunctions({
  run,
  settings,
  ask,
  texts,
  onError,
}: DifferenceOptions): DifferenceHostFunctions {
  const found = (id: string): RunModel => {
    const model = run(id);
    if (!model) throw new Error(vscode.l10n.t('The run {0} no longer exists.', id));
    return model;
  };
  const pair = ([a, b]: readonly [string, string]): [RunModel, RunModel] => [found(a), found(b)];
  const folders = (ids: readonly [string, string]): [string, string] => {
    const [a, b] = pair(ids);
    return [a.folder, b.folder];
  };
  const checkpoints = ({ runs, steps }: CheckpointPair): [StoredCheckpoint, StoredCheckpoint] => {
    const [a, b] = folders(runs);
    return [
      { folder: a, step: steps[0] },
      { folder: b, step: steps[1] },
    ];
  };
  return {
    runDifference: async (ids) =>
      readDifference(folders(ids), async (path, record) =>
        // The rest of the difference needs no trainer.
        texts.textOf(path, record).catch((error: unknown) => void onError(error)),
      ),
    compareData: async ({ runs, role }) => {
      const [a, b] = pair(runs);
      const stored = async ({ folder }: RunModel) => ({ folder, record: await readRecord(folder) });
      const [first, second] = [await stored(a), await stored(b)];
      const files = await comparableFiles(first, second, role);
      if (!files)
        throw new Error(
          vscode.l10n.t('The data of one of the runs is missing or has changed, so it cannot be compared.'),
        );
      const title = vscode.l10n.t('Data: {0} and {1}', a.view.label, b.view.label);
      const [left, right] = [texts.uriOf(files[0], first.record), texts.uriOf(files[1], second.record)];
      await vscode.commands.executeCommand('vscode.diff', left, right, title);
    },
    checkpointSteps: async (ids) => {
      const [a, b] = folders(ids);
      return [await checkpointSteps(a), await checkpointSteps(b)];
    },
    compareWeights: async (request) => ask(async (remote) => remote.compareWeights(checkpoints(request))),
    compareReadings: async ({ options, ...request }) => {
      const used = pair(request.runs).map(({ view }) => view.backend?.name);
      for (const backend of used) refuseNative(backend);
      // A trainer loads native TensorFlow only if it was started for it.
      const backend = used.find((name) => name === 'tensorflow') ?? used[0];
      return ask(
        async (remote) =>
          remote.compareReadings({ checkpoints: checkpoints(request), options, backends: settings().backends }),
        backend,
      );
    },
  };
}
