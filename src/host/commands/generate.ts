import * as vscode from 'vscode';
import { drawingOf } from '../../config/drawing.ts';
import { randomSeed } from '../../platform/hashing.ts';
import type { GenerateRequest } from '../../protocol/trainer.ts';
import { visibleToken } from '../../protocol/visibleToken.ts';
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
import { plainLabel } from '../plainLabel.ts';
import { pathOf } from '../uris.ts';

/** Characters of a text in the list. */
const SHOWN_CHARACTERS = 120;

/** Ways to write several texts, of which the user inserts one. */
const WAYS: readonly { readonly label: () => string; readonly request: Pick<GenerateRequest, 'samples' | 'beam'> }[] = [
  { label: () => vscode.l10n.t('{0} samples', 4), request: { samples: 4, beam: 1 } },
  { label: () => vscode.l10n.t('{0} samples', 12), request: { samples: 12, beam: 1 } },
  {
    label: () => vscode.l10n.t('The most likely texts of a beam search of width {0}', 4),
    request: { samples: 1, beam: 4 },
  },
  {
    label: () => vscode.l10n.t('The most likely texts of a beam search of width {0}', 16),
    request: { samples: 1, beam: 16 },
  },
];

/** "Generate text at cursor" and "Generate several texts at cursor". */
export function generateCommands(services: Services): Commands {
  return {
    generateTextAtCursor: async () => {
      const editor = editorOfCursor();
      const run = await chooseWriter(services, editor, () => true);
      if (run) await generateInto(editor, run, services);
    },
    generateTextsAtCursor: async () => {
      const editor = editorOfCursor();
      const run = await chooseWriter(services, editor, ({ config }) => config.task.name === 'language-model');
      if (run) await chooseText(editor, run, services);
    },
  };
}

function editorOfCursor(): vscode.TextEditor {
  const editor = targetEditor();
  if (editor) return editor;
  throw new Error(vscode.l10n.t('Open a text and place the cursor where the generated text should start.'));
}

async function chooseWriter(
  services: Services,
  { document: { uri } }: vscode.TextEditor,
  fits: (run: RunModel) => boolean,
): Promise<RunModel | undefined> {
  await services.runs.refresh();
  const candidates = services.runs.runs.filter((run) => can(services, run, 'generate') && fits(run));
  return pickRun(
    sortByFile(candidates, pathOf(uri) ?? uri.path),
    vscode.l10n.t('Select the model that generates text'),
  );
}

/** One text after the cursor, drawn as the configuration of the document says. */
function requestAt(document: vscode.TextDocument, cursor: vscode.Position, { folder }: RunModel): GenerateRequest {
  const { sampling } = defaultConfig(document.uri);
  return {
    ...drawingOf(sampling),
    folder,
    prompt: promptBefore(document.getText(new vscode.Range(new vscode.Position(0, 0), cursor))),
    length: sampling.length,
    label: null,
    samples: 1,
    beam: 1,
    describe: false,
    // A different continuation each time.
    seed: randomSeed(),
    backends: trainerSettings().backends,
  };
}

/** Writes several texts, and inserts the one that the user selects. */
async function chooseText(editor: vscode.TextEditor, run: RunModel, { trainerOptions, log }: Services): Promise<void> {
  refuseNative(run.view.backend?.name);
  const ways = WAYS.map(({ label, request }) => ({ label: label(), request }));
  const way = await vscode.window.showQuickPick(ways, { placeHolder: vscode.l10n.t('Select how to write the texts') });
  if (!way) return;
  const { document, selection } = editor;
  const request = { ...requestAt(document, selection.active, run), ...way.request };
  const title = vscode.l10n.t('Generating texts with the model of "{0}"', run.view.title);
  const texts = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (_, cancellation) =>
      askTrainer(trainerOptions(run.config.threads, run.view.backend?.name), {
        onError: (error) => log.error(error),
        ask: async (remote) => {
          cancellation.onCancellationRequested(
            () => void remote.cancelGeneration().catch((error: unknown) => log.error(error as Error)),
          );
          return remote.generate(request);
        },
      }),
  );
  // A canceled beam search has none.
  if (texts.length === 0) return;
  const items = texts.map(({ text, logProbability }, index) => ({
    label: plainLabel(text.slice(0, SHOWN_CHARACTERS).replaceAll('\n', visibleToken('\n'))),
    description:
      logProbability === undefined
        ? vscode.l10n.t('sample {0}', index + 1)
        : vscode.l10n.t('{0} nats per token', logProbability.toFixed(3)),
    text,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('Select the text to insert at the cursor'),
    matchOnDescription: true,
  });
  if (!chosen) return;
  const writer = new CursorWriter(editor, selection.active);
  try {
    writer.write(chosen.text);
    await writer.done();
  } finally {
    writer.dispose();
  }
}

async function generateInto(
  editor: vscode.TextEditor,
  run: RunModel,
  { trainerOptions, log }: Services,
): Promise<void> {
  refuseNative(run.view.backend?.name);
  const { document, selection } = editor;
  const request = requestAt(document, selection.active, run);
  log.info(
    `Writing ${request.length} characters with ${run.id}, temperature ${request.temperature}, seed ${request.seed}.`,
  );

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
