import * as vscode from 'vscode';
import { randomSeed } from '../../platform/hashing.ts';
import { promptBefore } from '../inspection/textWindow.ts';
import { sortByFile } from '../runs/fileOrder.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';
import { defaultConfig, trainerSettings } from '../settings.ts';
import { askTrainer } from '../trainerClient/askTrainer.ts';
import { refuseNative } from '../trust.ts';
import { can, pickRun } from './chooseRun.ts';
import { CursorWriter } from './cursorWriter.ts';
import { targetEditor } from './target.ts';
import type { Commands } from './command.ts';

/** "Generate text at cursor". */
export function generateCommands(services: Services): Commands {
  return {
    generateTextAtCursor: async () => {
      const editor = targetEditor();
      if (!editor)
        throw new Error(vscode.l10n.t('Open a text and place the cursor where the generated text should start.'));
      await services.runs.refresh();
      const candidates = services.runs.runs.filter((run) => can(services, run, 'generate'));
      const { uri } = editor.document;
      const run = await pickRun(
        sortByFile(candidates, uri.scheme === 'file' ? uri.fsPath : uri.path),
        vscode.l10n.t('Select the model that generates text'),
      );
      if (run) await generateInto(editor, run, services);
    },
  };
}

async function generateInto(
  editor: vscode.TextEditor,
  run: RunModel,
  { trainerOptions, log }: Services,
): Promise<void> {
  refuseNative(run.view.backend?.name);
  const { document, selection } = editor;
  const { temperature, length } = defaultConfig(document.uri).sampling;
  const request = {
    folder: run.folder,
    prompt: promptBefore(document.getText(new vscode.Range(new vscode.Position(0, 0), selection.active))),
    length,
    temperature,
    // A different continuation each time.
    seed: randomSeed(),
    backends: trainerSettings().backends,
  };
  log.info(`Writing ${length} characters with ${run.id}, temperature ${temperature}, seed ${request.seed}.`);

  const title = vscode.l10n.t('Generating text with the model of "{0}"', run.view.title);
  const writer = new CursorWriter(editor, selection.active);
  try {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (_, cancellation) =>
        askTrainer(trainerOptions(run.config.threads, run.view.backend?.name), {
          onGenerated: (text) => writer.write(text),
          onError: (error) => log.error(error),
          ask: async (remote) => {
            const cancel = () => void remote.cancelGeneration().catch((error: unknown) => log.error(error as Error));
            cancellation.onCancellationRequested(cancel);
            writer.onLost(cancel);
            await remote.generate(request);
            await writer.done();
          },
        }),
    );
  } finally {
    writer.dispose();
  }
}
