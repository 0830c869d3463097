import * as vscode from 'vscode';
import { formatBytes } from '../../format/bytes.ts';
import { textOf } from '../../phrases/causes.ts';
import { say } from '../../phrases/phrase.ts';
import { disk } from '../../platform/files.ts';
import { storageQuota, type StorageQuota } from '../../platform/system.ts';
import { RunLock } from '../../runs/lock.ts';
import { unusedCopies } from '../../runs/dataCopies.ts';
import { bytesOf, type SizedRun, type StoreSpace, storeSpace } from '../../runs/space.ts';
import { deleteTrashed, type TrashedRun } from '../../runs/trash.ts';
import { plainLabel } from '../plainLabel.ts';
import type { Services } from '../services.ts';
import { can } from './chooseRun.ts';
import type { Commands } from './command.ts';

/** What can be deleted. */
interface SpaceItem extends vscode.QuickPickItem {
  readonly bytes: number;
  readonly remove: () => Promise<void>;
}

/** "Free space...": lists what uses the disk, and deletes what the user selects. */
export function freeSpaceCommands(services: Services): Commands {
  return {
    freeSpace: async () => {
      const { runs } = services;
      const location = vscode.ProgressLocation.Notification;
      const { space, quota } = await vscode.window.withProgress(
        { location, title: vscode.l10n.t('Measuring the runs') },
        async () => {
          await runs.refresh();
          // Also the paths of runs that wait, which have no folder yet.
          const waiting = runs.runs.map(({ config, sourcePath }) => JSON.stringify([config, sourcePath]));
          const copies = await unusedCopies(runs.folder, waiting);
          return { space: { ...(await storeSpace(runs.folder)), copies }, quota: await storageQuota() };
        },
      );
      const chosen = await vscode.window.showQuickPick(itemsOf(services, space), {
        canPickMany: true,
        title: titleOf(space, quota),
        placeHolder: quota?.isKept === false ? mayBeDeleted() : vscode.l10n.t('Select what to delete permanently'),
        matchOnDescription: true,
      });
      if (!chosen || chosen.length === 0 || !(await confirmed(chosen))) return;
      const failures: string[] = [];
      for (const { label, remove } of chosen)
        await remove().catch((error: unknown) => failures.push(`${label}: ${say(textOf(error))}`));
      await runs.refresh();
      if (failures.length > 0) throw new Error(vscode.l10n.t('Not deleted: {0}', failures.join(' ')));
    },
  };
}

function titleOf(space: StoreSpace, quota: StorageQuota | undefined): string {
  const [runs, trash] = [formatBytes(bytesOf(space.runs)), formatBytes(bytesOf(space.trash))];
  if (!quota) return vscode.l10n.t('Free space: runs {0}, trash {1}', runs, trash);
  return vscode.l10n.t(
    'Free space: runs {0}, trash {1}, storage of the browser {2} of {3}',
    ...[runs, trash, formatBytes(quota.used), formatBytes(quota.limit)],
  );
}

/** For a browser that has not promised to keep its storage, which an extension cannot request. */
function mayBeDeleted(): string {
  return vscode.l10n.t(
    'Select what to delete permanently. The browser may delete all runs when the disk is nearly full: export those to keep',
  );
}

/** The trash, archived runs, copies of data and other runs, each the largest first. Runs in training are not among them. */
function itemsOf(
  services: Services,
  { runs, trash, copies }: StoreSpace & { readonly copies: readonly SizedRun[] },
): SpaceItem[] {
  const items = runs.flatMap((run) => itemOf(services, run) ?? []);
  const [archived, others] = [true, false].map((is) => items.filter((item) => item.isArchived === is));
  const separator = (label: string): SpaceItem => ({
    label,
    kind: vscode.QuickPickItemKind.Separator,
    bytes: 0,
    remove: async () => Promise.resolve(),
  });
  const trashItems = trash.map((run) => ({ ...described(run, run.id), remove: async () => deleteTrashed(run) }));
  const copyItems = copies.map((copy) => ({
    ...described(copy, copy.id),
    remove: async () => disk.remove(copy.folder),
  }));
  return [
    ...(trash.length > 0 ? [separator(vscode.l10n.t('Trash')), ...trashItems] : []),
    ...((archived ?? []).length > 0 ? [separator(vscode.l10n.t('Archived runs')), ...(archived ?? [])] : []),
    ...(copies.length > 0 ? [separator(vscode.l10n.t('Copies of data that no run uses')), ...copyItems] : []),
    separator(vscode.l10n.t('Runs')),
    ...(others ?? []),
  ];
}

/** @returns undefined for a run in training, also for one that is being prepared */
function itemOf(services: Services, sized: SizedRun): (SpaceItem & { readonly isArchived: boolean }) | undefined {
  const run = services.runs.run(sized.id);
  if (!run)
    return { ...described(sized, sized.id), isArchived: false, remove: async () => removeUnlisted(sized.folder) };
  if (!can(services, run, 'delete')) return undefined;
  return {
    ...described(sized, run.view.title),
    isArchived: run.annotations.archived,
    remove: async () => services.runs.delete(run.id),
  };
}

/** Deletes a folder that is not listed as a run. @throws RunLockedError if a run is being prepared or trained in it */
async function removeUnlisted(folder: string): Promise<void> {
  const lock = await RunLock.acquire(folder, disk);
  try {
    await disk.remove(folder);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function described({ id, bytes }: TrashedRun & { readonly bytes: number }, title: string) {
  return { label: plainLabel(title), description: formatBytes(bytes), detail: plainLabel(id), bytes };
}

async function confirmed(chosen: readonly SpaceItem[]): Promise<boolean> {
  const answer = vscode.l10n.t('Delete permanently');
  const given = await vscode.window.showWarningMessage(
    vscode.l10n.t('Delete the selected items permanently? That frees {0}.', formatBytes(bytesOf(chosen))),
    { modal: true, detail: chosen.map(({ label }) => label).join('\n') },
    answer,
  );
  return given === answer;
}
