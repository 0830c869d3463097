import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { disk } from '../../platform/files.ts';
import { lastSweepOf, listSweeps, sweepsFolder } from '../../sweeps/sweepStore.ts';
import { plainLabel } from '../plainLabel.ts';
import { trainerSettings } from '../settings.ts';
import { hasSlurm } from '../sweeping/slurmArguments.ts';
import { startOnSlurm } from '../sweeping/slurmSweep.ts';
import { startRangeTest } from '../sweeping/rangeTest.ts';
import {
  ALL_TRIALS,
  filterOf,
  openSweepText,
  readSweepHere,
  startSweepHere,
  startTextOnSlurm,
  SWEEP_SUFFIX,
  type SweepOrigin,
} from '../sweeping/startSweep.ts';
import { choosePreset, hasRate } from '../sweeping/sweepPresets.ts';
import { sampleSweeps } from '../../protocol/samples.ts';
import { sweptRun, type SweptRun } from '../../sweeps/sweptRun.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';
import { requireAbility } from '../abilities.ts';
import { withReadableBase } from '../readableData.ts';
import { refuseNative, refuseUntrusted } from '../trust.ts';
import { pathOf } from '../uris.ts';
import { can, chooseRun } from './chooseRun.ts';
import type { Commands } from './command.ts';
import { samplesFolder } from './configFile.ts';

/** Most files and sweeps in a list. */
const MOST_LISTED = 100;

/** Commands for sweeps: many runs of one configuration with different values. */
export function sweepCommands(services: Services): Commands {
  const { runs, sweeps, sweepForms, runsPages, extensionUri } = services;

  const read = async (text: string, origin: SweepOrigin) => {
    await runs.refresh();
    return readSweepHere(services, text, origin);
  };

  /** Starts a sweep of a preset here or on Slurm, or opens it as a file. */
  const startOrOpen = async (text: string, run: RunModel): Promise<string | undefined> => {
    const isStarted = { label: `$(play) ${vscode.l10n.t('Start the sweep')}` };
    const isOpened = { label: `$(json) ${vscode.l10n.t('Open as a sweep file')}` };
    const onSlurm = { label: `$(server) ${vscode.l10n.t('Train on Slurm...')}` };
    const next = await vscode.window.showQuickPick([isStarted, ...(hasSlurm() ? [onSlurm] : []), isOpened], {
      placeHolder: vscode.l10n.t('Start the sweep, or open it as a file to change or to keep it'),
    });
    if (next === isStarted) return startSweepHere(services, await read(text, { file: null, folder: run.folder }));
    if (next === onSlurm) await startTextOnSlurm(services, text, run.view.name);
    if (next === isOpened) await openSweepText(text);
    return undefined;
  };

  /** The sweep file that a command was called on, the one in the editor, or one that the user selects. */
  const fileOf = async (argument: unknown): Promise<vscode.Uri | undefined> =>
    argument instanceof vscode.Uri ? argument : (activeSweep() ?? chooseFile(extensionUri));

  return {
    startSweep: async (argument) => {
      const uri = await fileOf(argument);
      if (!uri) return undefined;
      const document = await vscode.workspace.openTextDocument(uri);
      const file = pathOf(uri) ?? null;
      const folder = dirname(file ?? '');
      const text = file === null ? await withReadableBase(uri, document.getText()) : document.getText();
      return startSweepHere(services, await read(text, { file, folder }));
    },
    startSweepOnSlurm: async (argument) => {
      requireAbility('slurm');
      refuseUntrusted(vscode.l10n.t('Start sweep on Slurm'));
      const uri = await fileOf(argument);
      if (!uri) return undefined;
      const file = pathOf(uri);
      if (file === undefined) throw new Error(vscode.l10n.t('Save the sweep in a file first: the jobs read it.'));
      await (await vscode.workspace.openTextDocument(uri)).save();
      const last = await lastSweepOf(trainerSettings().backends.home, file, disk);
      const isNew = { label: vscode.l10n.t('Start a new sweep'), resumes: false };
      const isOld = { label: vscode.l10n.t('Go on with the last sweep of the file'), resumes: true };
      const chosen = last === undefined ? isNew : await vscode.window.showQuickPick([isOld, isNew]);
      if (chosen && (await startOnSlurm(extensionUri, file, chosen))) runsPages.show(ALL_TRIALS);
      return undefined;
    },
    sweepFromRun: async (argument) => {
      const given = await chooseRun(
        services,
        argument,
        vscode.l10n.t('Select the run to try other settings of'),
        (each) => can(services, each, 'repeat'),
      );
      if (!given) return undefined;
      const swept = await baseOf(services, given);
      const { run, config, changes } = swept;
      const title = vscode.l10n.t('Sweep from {0}', plainLabel(run.view.title));
      const chosen = await choosePreset(title, config);
      if (!chosen) return undefined;
      if (chosen === 'range-test') return startRangeTest(services, run);
      if (chosen === 'form') return sweepForms.edit(title, swept);
      const text = `${JSON.stringify({ from: run.id, base: changes, ...chosen }, null, 2)}\n`;
      return startOrOpen(text, run);
    },
    testLearningRates: async (argument) => {
      const run = await chooseRun(
        services,
        argument,
        vscode.l10n.t('Select the run to test learning rates of'),
        (each) => can(services, each, 'repeat') && hasRate(each.config),
      );
      if (!run) return undefined;
      if (!hasRate(run.config))
        throw new Error(vscode.l10n.t('The model of this run is trained without a learning rate.'));
      return startRangeTest(services, run);
    },
    continueSweep: async () => {
      const id = await chooseSweep(vscode.l10n.t('Select the sweep to go on with'), sweeps.running, false);
      if (id === undefined) return undefined;
      await runs.refresh();
      // Those that "auto" has chosen for the runs that have begun.
      for (const { sweep, view } of runs.runs) if (sweep?.id === id) refuseNative(view.backend?.name);
      await sweeps.resume(join(sweepsFolder(trainerSettings().backends.home), id));
      runsPages.show(filterOf(id));
      return id;
    },
    stopSweep: async () => {
      const [only, ...others] = sweeps.running;
      if (only === undefined) throw new Error(vscode.l10n.t('No sweep runs in this window.'));
      const id =
        others.length === 0 ? only : await chooseSweep(vscode.l10n.t('Select the sweep to stop'), sweeps.running, true);
      if (id !== undefined) await sweeps.stop(id);
      return id;
    },
    showTrials: async (argument) => {
      const [only, ...others] = sweeps.running;
      const given = typeof argument === 'string' ? argument : others.length === 0 ? only : undefined;
      const id = given ?? (await chooseSweep(vscode.l10n.t('Select the sweep whose trials to show'), [], false));
      if (id !== undefined) runsPages.show(filterOf(id));
      return id;
    },
  };
}

/** The run that a sweep from a run is based on. @throws Error for a range test of a run that is missing */
async function baseOf({ runs }: Pick<Services, 'runs'>, run: RunModel): Promise<SweptRun<RunModel>> {
  await runs.loadMetrics(run.id);
  const swept = sweptRun(run, (id) => runs.run(id));
  if (swept) return swept;
  throw new Error(
    vscode.l10n.t(
      '"{0}" is a learning rate range test, and the run that it tests is not in the list. Train a run with the rate that it suggests, and start the sweep from that run.',
      run.view.title,
    ),
  );
}

function activeSweep(): vscode.Uri | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri?.path.endsWith(SWEEP_SUFFIX) === true ? uri : undefined;
}

/** Lets the user select a sweep file of the workspace or a sample. */
async function chooseFile(extensionUri: vscode.Uri): Promise<vscode.Uri | undefined> {
  const found = await vscode.workspace.findFiles(`**/*${SWEEP_SUFFIX}`, '**/node_modules/**', MOST_LISTED);
  const samples = samplesFolder(extensionUri);
  const items = [
    ...found.map((uri) => ({ label: plainLabel(vscode.workspace.asRelativePath(uri)), description: '', uri })),
    ...sampleSweeps.map((name) => ({
      label: name,
      description: vscode.l10n.t('sample'),
      uri: vscode.Uri.joinPath(samples, `${name}${SWEEP_SUFFIX}`),
    })),
  ];
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Select a sweep') });
  return chosen?.uri;
}

/** Lets the user select a sweep. @param areRunning whether those that run are listed, or all others */
async function chooseSweep(
  placeHolder: string,
  running: readonly string[],
  areRunning: boolean,
): Promise<string | undefined> {
  const all = await listSweeps(trainerSettings().backends.home, disk);
  const listed = all.filter(({ id }) => running.includes(id) === areRunning).slice(0, MOST_LISTED);
  if (listed.length === 0) throw new Error(vscode.l10n.t('There is no sweep. Start one with "Start sweep".'));
  const items = listed.map(({ id, file, at }) => ({ label: id, description: file ?? '', detail: at, id }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  return chosen?.id;
}
