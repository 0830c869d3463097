import * as vscode from 'vscode';
import { exists, fileInfo } from '../../platform/files.ts';
import type { TrainerQuestion } from '../trainerClient/askTrainer.ts';
import type { DataSet } from './dataPanel.ts';

/** Size in bytes of files that are read with a progress notification. */
const LARGE = 20_000_000;

type ReadingOptions = Pick<TrainerQuestion<unknown>, 'onInspected' | 'signal'>;

/** Reads a data set; a large file with a notification that shows the progress, and can be canceled. */
export async function withReadingProgress<Result>(
  { source, name }: Pick<DataSet, 'source' | 'name'>,
  read: (options: ReadingOptions) => Promise<Result>,
): Promise<Result> {
  if (source.kind !== 'file' || !(await isLarge(source.path))) return read({});
  const title = vscode.l10n.t('Reading "{0}"', name);
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, cancellation) => {
      const controller = new AbortController();
      cancellation.onCancellationRequested(() =>
        controller.abort(new Error(vscode.l10n.t('Reading "{0}" was canceled.', name))),
      );
      let done = 0;
      return read({
        signal: controller.signal,
        onInspected(share) {
          progress.report({ increment: 100 * (share - done), message: `${Math.round(100 * share)} %` });
          done = share;
        },
      });
    },
  );
}

async function isLarge(path: string): Promise<boolean> {
  return (await exists(path)) && (await fileInfo(path)).size >= LARGE;
}
