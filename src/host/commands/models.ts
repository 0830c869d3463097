import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { PortableFormatName } from '../../config/portableFormats.ts';
import { say } from '../../phrases/phrase.ts';
import type { Recognition, RecognitionChoices } from '../../protocol/importModel.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';
import { trainerSettings } from '../settings.ts';
import { askTrainer } from '../trainerClient/askTrainer.ts';
import { plainLabel } from '../plainLabel.ts';
import { chooseRun } from './chooseRun.ts';
import type { Commands } from './command.ts';

type Recognized = Extract<Recognition, { state: 'recognized' }>;

/** Titles of the formats, with what other programs do with them. */
const FORMATS: Readonly<Record<PortableFormatName, () => { readonly label: string; readonly detail: string }>> = {
  safetensors: () => ({
    label: 'safetensors',
    detail: vscode.l10n.t('Weights named and laid out for PyTorch, and a program that opens them there'),
  }),
  pytorch: () => ({
    label: 'PyTorch',
    detail: vscode.l10n.t('A state_dict of torch.save, and a program that opens it'),
  }),
  onnx: () => ({
    label: 'ONNX',
    detail: vscode.l10n.t('Graphs for onnxruntime and others, and a program that runs them'),
  }),
};

/** "Open model" of another program, and "Export model" for another program. */
export function modelCommands(services: Services): Commands {
  /** @param run the run whose model is used, on its backend */
  const ask = async <Result>(
    question: Parameters<typeof askTrainer<Result>>[1]['ask'],
    title: string,
    run?: RunModel,
  ): Promise<Result> => {
    const options = services.trainerOptions(run?.config.threads ?? 0, run?.view.backend?.name);
    return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, async () =>
      askTrainer(options, { ask: question, onError: (error) => services.log.error(error) }),
    );
  };
  return {
    /** @param argument file with the weights; asked for if omitted @returns the id of the run */
    openModel: async (argument) => {
      const file = argument instanceof vscode.Uri ? argument : await chooseWeights();
      if (!file) return undefined;
      const title = vscode.l10n.t('Reading {0}', basename(file.fsPath));
      const chosen = await chooseStructure(file.fsPath, async (choices) =>
        ask(async (remote) => remote.recognizeModel({ file: file.fsPath, choices }), title),
      );
      if (!chosen) return undefined;
      const { recognized, choices } = chosen;
      const vocabulary = recognized.vocabulary ?? (await chooseVocabulary(recognized))?.fsPath;
      if (vocabulary === undefined) return undefined;
      const labels =
        recognized.isLanguageModel || recognized.isExported ? undefined : await chooseLabels(recognized.outputs);
      if (labels === null) return undefined;
      const { id } = await ask(
        async (remote) =>
          remote.importModel({
            file: file.fsPath,
            choices,
            vocabulary,
            ...(labels && { labels }),
            backends: trainerSettings().backends,
          }),
        title,
      );
      await services.runs.refresh();
      const run = services.runs.run(id);
      if (run) services.panels.show(run);
      return id;
    },

    exportModel: async (argument) => {
      const placeHolder = vscode.l10n.t('Select the run whose model to export');
      const run = await chooseRun(services, argument, placeHolder, ({ view }) => !view.logged);
      if (!run) return;
      const items = Object.entries(FORMATS).map(([format, describe]) => ({
        ...describe(),
        format: format as PortableFormatName,
      }));
      const title = vscode.l10n.t('Export the model of "{0}"', run.view.title);
      const item = await vscode.window.showQuickPick(items, {
        title,
        placeHolder: vscode.l10n.t('Select the format'),
        matchOnDetail: true,
      });
      if (!item) return;
      const [parent] =
        (await vscode.window.showOpenDialog({
          title,
          openLabel: vscode.l10n.t('Export Into This Folder'),
          canSelectFiles: false,
          canSelectFolders: true,
        })) ?? [];
      if (!parent) return;
      const out = vscode.Uri.joinPath(parent, `${run.id}-${item.format}`);
      const programs = vscode.Uri.joinPath(services.extensionUri, 'media', 'python').fsPath;
      await ask(
        async (remote) =>
          remote.exportPortable({
            folder: run.folder,
            format: item.format,
            out: out.fsPath,
            programs,
            replace: false,
            backends: trainerSettings().backends,
          }),
        title,
        run,
      );
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Exported to {0}.', vscode.workspace.asRelativePath(out)),
      );
      return out.fsPath;
    },
  };
}

async function chooseWeights(): Promise<vscode.Uri | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Open model'),
      openLabel: vscode.l10n.t('Open'),
      canSelectMany: false,
      filters: { [vscode.l10n.t('Weights')]: ['safetensors', 'pt', 'pth'], [vscode.l10n.t('All files')]: ['*'] },
    })) ?? [];
  return file;
}

/** Lets the user choose what the weights do not tell, one question after another. @returns undefined if the user cancels */
async function chooseStructure(
  file: string,
  recognize: (choices: RecognitionChoices) => Promise<Recognition>,
): Promise<{ readonly recognized: Recognized; readonly choices: RecognitionChoices } | undefined> {
  let choices: RecognitionChoices = {};
  for (;;) {
    const recognition = await recognize(choices);
    if (recognition.state === 'ambiguous') {
      const placeHolder =
        recognition.choice === 'output'
          ? vscode.l10n.t('{0} has several layers that could be its output. Select one', basename(file))
          : vscode.l10n.t('{0} has several recurrent modules. Select one', basename(file));
      // The names are those of a file of strangers.
      const items = recognition.modules.map((module) => ({ label: plainLabel(module), module }));
      const picked = await vscode.window.showQuickPick(items, { placeHolder });
      if (!picked) return undefined;
      choices = { ...choices, [recognition.choice]: picked.module };
      continue;
    }
    // The structure of a model that this product has exported is known.
    if (recognition.isExported) return { recognized: recognition, choices };
    const pooling = recognition.isLanguageModel ? undefined : await choosePooling();
    if (pooling === null) return undefined;
    choices = { ...choices, ...(pooling && { pooling }) };
    if (recognition.cell !== 'rnn') return { recognized: recognition, choices };
    const placeHolder = vscode.l10n.t('Select the nonlinearity of the nn.RNN, which its weights do not tell');
    const activation = await vscode.window.showQuickPick(['tanh', 'relu'], { placeHolder });
    if (activation !== 'tanh' && activation !== 'relu') return undefined;
    return { recognized: recognition, choices: { ...choices, activation } };
  }
}

/** How a classifier reads its hidden states, which its weights do not tell. @returns null if the user cancels */
async function choosePooling(): Promise<'last' | 'mean' | 'max' | null> {
  const items = [
    { label: vscode.l10n.t('The last hidden state'), pooling: 'last' },
    { label: vscode.l10n.t('The mean of all hidden states'), pooling: 'mean' },
    { label: vscode.l10n.t('The maximum of all hidden states'), pooling: 'max' },
  ] as const;
  const placeHolder = vscode.l10n.t('The outputs are classes of a text. Select what the output layer reads');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.pooling ?? null;
}

async function chooseVocabulary({ found }: Recognized): Promise<vscode.Uri | undefined> {
  const choose = vscode.l10n.t('Choose Vocabulary...');
  const detail = [
    ...found.map(say),
    vscode.l10n.t(
      'Weights have no vocabulary. Choose a file with the tokens by id: a JSON list or object, a tokenizer.json, or a text with a token in each line.',
    ),
  ].join('\n');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t('The model is recognized.'),
    { modal: true, detail },
    choose,
  );
  if (answer !== choose) return undefined;
  const [file] = (await vscode.window.showOpenDialog({ title: choose, canSelectMany: false })) ?? [];
  return file;
}

/** The names of the classes. @returns undefined for numbers, null if the user cancels */
async function chooseLabels(outputs: number): Promise<string[] | undefined | null> {
  const split = (list: string) => list.split(',').map((label) => label.trim());
  const list = await vscode.window.showInputBox({
    title: vscode.l10n.t('Open model'),
    prompt: vscode.l10n.t('Names of the {0} classes in the order of the outputs, separated by commas', outputs),
    placeHolder: vscode.l10n.t('Empty for numbers'),
    validateInput: (value) =>
      value.trim() === '' || split(value).length === outputs
        ? undefined
        : vscode.l10n.t('{0} names are needed; there are {1}.', outputs, split(value).length),
  });
  if (list === undefined) return null;
  return list.trim() === '' ? undefined : split(list);
}
