import * as vscode from 'vscode';
import { configField, describedField } from '../../config/fields.ts';
import type { BackendReport } from '../../protocol/trainer.ts';
import type { Services } from '../services.ts';
import type { RunModel } from '../runs/runModel.ts';
import { SECTION, trainerSettings } from '../settings.ts';
import { askTrainer } from '../trainerClient/askTrainer.ts';
import { restrictedBackends } from '../trust.ts';
import type { Commands } from './command.ts';
import { say } from '../../phrases/phrase.ts';

interface BackendItem extends vscode.QuickPickItem {
  /** Value of the setting that selects it; undefined for a backend that is not available. */
  readonly choice?: string;
}

/**
 * "Show compute backends": lists backends with their device or the reason why they are unavailable, and sets the
 * default.
 */
export function backendCommands({ trainerOptions, runs, panels, log }: Services): Commands {
  const listBackends = async () =>
    vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Detecting compute backends') },
      async () =>
        // Only WebGPU has requirements that not every trainer meets.
        askTrainer(trainerOptions(0, 'webgpu'), {
          ask: async (remote) => remote.listBackends(trainerSettings().backends),
          onError: (error) => log.error(error),
        }),
    );

  return {
    showBackends: async () => {
      const reports = vscode.workspace.isTrusted ? await listBackends() : restrictedBackends();
      await offer(reports, panels.activeRun ?? runs.runs[0]);
    },
  };
}

/** Lets the user select the default. @param run the run whose model the backends were timed on by "auto" */
async function offer(reports: readonly BackendReport[], run: RunModel | undefined): Promise<void> {
  const settings = vscode.workspace.getConfiguration(SECTION);
  const now = settings.get<string>('backend');
  const field = configField('backend');
  const automatic = { label: 'auto', detail: field ? say(describedField(field)) : '', choice: 'auto' };
  const items = [automatic, ...reports.map((report) => itemOf(report, timesOf(report, run)))].map((item) => ({
    ...item,
    label: `$(${iconOf(item, now)}) ${item.label}`,
  }));
  const placeHolder = vscode.l10n.t('Select the backend for new runs');
  const chosen = await vscode.window.showQuickPick(items, { placeHolder, matchOnDetail: true });
  if (chosen?.choice !== undefined && chosen.choice !== now) {
    await settings.update('backend', chosen.choice, vscode.ConfigurationTarget.Global);
  }
}

/** Time of a step of the run's model on a backend, such as "CPU, 2 threads: 0.199 ms per step of hamlet.txt". */
function timesOf({ name }: BackendReport, run: RunModel | undefined): string[] {
  const times = Object.entries(run?.view.backend?.milliseconds ?? {}).filter(([candidate]) =>
    candidate.startsWith(`${name} (`),
  );
  return times.map(([candidate, milliseconds]) => {
    const device = candidate.slice(name.length + 2, -1);
    return vscode.l10n.t('{0}: {1} ms per step of {2}', device, milliseconds.toPrecision(3), run?.view.name ?? '');
  });
}

/** Item of a backend in the list. @param times measured step times */
function itemOf({ name, loads, device, version, reason }: BackendReport, times: readonly string[]): BackendItem {
  if (!loads) return { label: name, description: vscode.l10n.t('not available'), detail: say(reason ?? '') };
  const details = [...(version === undefined ? [] : [vscode.l10n.t('version {0}', version)]), ...times];
  return { label: name, description: say(device ?? ''), detail: details.join('; '), choice: name };
}

function iconOf({ choice }: BackendItem, now: string | undefined): string {
  if (choice === undefined) return 'circle-slash';
  return choice === now ? 'check' : 'blank';
}
