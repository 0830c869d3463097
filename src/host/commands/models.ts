import { basename } from 'node:path';
import * as vscode from 'vscode';
import { MODEL_EXTENSIONS, type PortableFormatName } from '../../config/portableFormats.ts';
import { DEFAULT_WINDOW, type ImportedKind, type RecognitionChoices } from '../../config/recognitionChoices.ts';
import { say } from '../../phrases/phrase.ts';
import type { Recognition } from '../../protocol/importModel.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';
import { isThere, writeFolderThrough } from '../anyFiles.ts';
import { folderOfPart } from '../extensionFiles.ts';
import { readablePath } from '../localCopy.ts';
import { trainerSettings } from '../settings.ts';
import { askTrainer } from '../trainerClient/askTrainer.ts';
import { plainLabel } from '../plainLabel.ts';
import { chooseRun } from './chooseRun.ts';
import type { Commands } from './command.ts';
import { modelFiles } from './modelFiles.ts';

type Recognized = Extract<Recognition, { state: 'recognized' }>;

/** Files and names that give the inputs and outputs of a model their meaning. */
interface Names {
  readonly vocabulary?: string;
  readonly labels?: string[];
  readonly columns?: string[];
  readonly targets?: string[];
  readonly window?: number;
  readonly targetVocabulary?: string;
}

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
  keras: () => ({
    label: 'Keras',
    detail: vscode.l10n.t('Models of stock layers for Keras, and a program that runs them'),
  }),
  onnx: () => ({
    label: 'ONNX',
    detail: vscode.l10n.t('Graphs for onnxruntime and others, and a program that runs them'),
  }),
  tfjs: () => ({
    // eslint-disable-next-line lab/translated -- a name
    label: 'TensorFlow.js',
    detail: vscode.l10n.t('A LayersModel for pages and Node.js, and a program that opens it'),
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
  /** @returns the id of the run, or undefined if the user cancels */
  const open = async (uri: vscode.Uri): Promise<string | undefined> => {
    const file = await readablePath(uri);
    const title = vscode.l10n.t('Reading {0}', basename(file));
    const chosen = await chooseStructure(file, async (choices) =>
      ask(async (remote) => remote.recognizeModel({ file, choices }), title),
    );
    if (!chosen) return undefined;
    const { recognized, choices } = chosen;
    const naming = await chooseNames(recognized);
    if (!naming) return undefined;
    const { backends } = trainerSettings();
    const { id } = await ask(async (remote) => remote.importModel({ file, choices, ...naming, backends }), title);
    await services.runs.refresh();
    const run = services.runs.run(id);
    if (run) services.panels.show(run);
    return id;
  };
  return {
    /**
     * @param argument file with the weights, or folder that has it; asked for if omitted
     * @param selected all files that were selected with it
     * @returns the id of the last run
     */
    openModel: async (argument, selected) => {
      const files =
        argument instanceof vscode.Uri
          ? await modelFiles(isUris(selected) ? selected : [argument])
          : await chooseWeights();
      let id: string | undefined;
      for (const file of files ?? []) id = await open(file);
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
      const replace = await isThere(out);
      if (replace && !(await confirmReplacing(out))) return;
      const programs = await folderOfPart(services.extensionUri, 'programs');
      const { folder } = run;
      const { backends } = trainerSettings();
      await writeFolderThrough(out, async (path) =>
        ask(
          async (remote) =>
            remote.exportPortable({ folder, format: item.format, out: path, programs, replace, backends }),
          title,
          run,
        ),
      );
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Exported to {0}.', vscode.workspace.asRelativePath(out)),
      );
      return out.fsPath;
    },
  };
}

/** True for the argument with which VS Code passes several selected files. */
function isUris(argument: unknown): argument is vscode.Uri[] {
  return Array.isArray(argument) && argument.length > 0 && argument.every((each) => each instanceof vscode.Uri);
}

async function chooseWeights(): Promise<vscode.Uri[] | undefined> {
  return vscode.window.showOpenDialog({
    title: vscode.l10n.t('Open model'),
    openLabel: vscode.l10n.t('Open'),
    canSelectMany: false,
    filters: { [vscode.l10n.t('Models')]: [...MODEL_EXTENSIONS], [vscode.l10n.t('All files')]: ['*'] },
  });
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
      // The names come from an untrusted file.
      const items = recognition.modules.map((module) => ({ label: plainLabel(module), module }));
      const picked = await vscode.window.showQuickPick(items, { placeHolder });
      if (!picked) return undefined;
      choices = { ...choices, [recognition.choice]: picked.module };
      continue;
    }
    const kind = await chooseKind(recognition, basename(file));
    if (kind === undefined) return undefined;
    if (kind !== null) choices = { ...choices, kind };
    // Another kind has another structure.
    if (kind !== recognition.kind) continue;
    if (recognition.isComplete) return { recognized: recognition, choices };
    const pooling = choices.kind === 'classifier' ? await choosePooling(recognition) : undefined;
    if (pooling === null) return undefined;
    choices = { ...choices, ...(pooling && { pooling }) };
    if (recognition.cell !== 'rnn') return { recognized: recognition, choices };
    const placeHolder = vscode.l10n.t('The weights of a simple RNN do not tell its nonlinearity. Select it');
    const activation = await vscode.window.showQuickPick(['tanh', 'relu'], { placeHolder });
    if (activation !== 'tanh' && activation !== 'relu') return undefined;
    return { recognized: recognition, choices: { ...choices, activation } };
  }
}

function kindTitles(): Readonly<Record<ImportedKind, string>> {
  return {
    'language-model': vscode.l10n.t('A language model, whose outputs are the next tokens'),
    classifier: vscode.l10n.t('A classifier, whose outputs are classes of a text'),
    tagger: vscode.l10n.t('A tagger, whose outputs are tags of each word'),
    forecaster: vscode.l10n.t('A forecaster, which reads columns of numbers and whose outputs are later values'),
    'sequence-to-sequence': vscode.l10n.t('A model that converts texts, with an encoder and a decoder'),
  };
}

/** Lets the user choose the kind of a model where its file does not tell. @returns undefined if the user cancels */
async function chooseKind(
  { kind, kinds, isComplete }: Recognized,
  name: string,
): Promise<ImportedKind | null | undefined> {
  const isKnown = kinds.length === 0 || (kind !== null && kinds.length === 1);
  if (isKnown) return kind;
  const titles = kindTitles();
  const items = kinds.map((each) => ({ label: titles[each], taken: each }));
  const placeHolder =
    kind === null
      ? vscode.l10n.t('{0} reads vectors. If they are one-hot vectors of tokens, select what the model is', name)
      : isComplete
        ? vscode.l10n.t('{0} reads vectors, of numbers or one-hot vectors of tokens. Select what the model is', name)
        : vscode.l10n.t('The weights do not tell what the model is for. Select it');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.taken;
}

/** The files and names that say what a model means. @returns undefined if the user cancels */
async function chooseNames(recognized: Recognized): Promise<Names | undefined> {
  const { kind, isExported, inputs, outputs } = recognized;
  if (isExported || kind === null) return {};
  if (kind === 'forecaster') {
    const prompt = vscode.l10n.t('Names of the {0} columns that the model reads, separated by commas', inputs);
    const columns = await chooseList(prompt, inputs);
    if (columns === null) return undefined;
    const targets = await chooseTargets(columns ?? numbered(inputs), outputs);
    if (!targets) return undefined;
    const window = await chooseWindow();
    return window === undefined ? undefined : { ...(columns && { columns }), targets, window };
  }
  const chosen = recognized.vocabulary === null ? await chooseVocabulary(recognized) : undefined;
  const vocabulary = recognized.vocabulary ?? (chosen && (await readablePath(chosen)));
  if (vocabulary === undefined) return undefined;
  if (kind === 'sequence-to-sequence') {
    const targetVocabulary = await chooseTargetVocabulary(recognized);
    return targetVocabulary === null
      ? undefined
      : { vocabulary, ...(targetVocabulary !== undefined && { targetVocabulary }) };
  }
  if (kind === 'language-model') return { vocabulary };
  const prompt =
    kind === 'tagger'
      ? vscode.l10n.t('Names of the {0} tags in the order of the outputs, separated by commas', outputs)
      : vscode.l10n.t('Names of the {0} classes in the order of the outputs, separated by commas', outputs);
  const labels = await chooseList(prompt, outputs);
  return labels === null ? undefined : { vocabulary, ...(labels && { labels }) };
}

/** How a classifier reads its hidden states, which its weights do not tell. @returns null if the user cancels */
async function choosePooling({ isBidirectional }: Recognized): Promise<'last' | 'mean' | 'max' | null> {
  const last = isBidirectional
    ? vscode.l10n.t('The final state of each direction (h_n), not output[:, -1]')
    : vscode.l10n.t('The last hidden state');
  const items = [
    { label: last, pooling: 'last' },
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

/** Default names of columns: numbers from 1. */
function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1));
}

/** The columns that a forecaster forecasts, equally many steps of each. @returns undefined if the user cancels */
async function chooseTargets(columns: readonly string[], outputs: number): Promise<string[] | undefined> {
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) return [only];
  const last = outputs === columns.length ? 0 : columns.length - 1;
  const items = columns.map((column, index) => ({ label: plainLabel(column), column, picked: index >= last }));
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    placeHolder: vscode.l10n.t('Select the columns that the {0} outputs forecast', outputs),
  });
  return picked && picked.length > 0 ? picked.map(({ column }) => column) : undefined;
}

/** Steps that a forecaster reads. @returns undefined if the user cancels */
async function chooseWindow(): Promise<number | undefined> {
  const steps = await vscode.window.showInputBox({
    title: vscode.l10n.t('Open model'),
    prompt: vscode.l10n.t('Number of steps that the model reads before it forecasts'),
    value: String(DEFAULT_WINDOW),
    validateInput: (value) =>
      /^[1-9]\d{0,5}$/.test(value.trim()) ? undefined : vscode.l10n.t('Enter a whole number, at least 1.'),
  });
  return steps === undefined ? undefined : Number(steps);
}

/**
 * The tokens that a decoder writes: those of the target vocabulary next to the weights, or of another file.
 * @returns undefined for that file, or the tokens that the encoder reads; null if the user cancels
 */
async function chooseTargetVocabulary({ hasTargetVocabulary }: Recognized): Promise<string | undefined | null> {
  if (hasTargetVocabulary) return undefined;
  const items = [
    { label: vscode.l10n.t('The same tokens as the encoder reads'), isSame: true },
    { label: vscode.l10n.t('Other tokens: Choose Vocabulary...'), isSame: false },
  ] as const;
  const placeHolder = vscode.l10n.t('Select the tokens that the decoder writes');
  const item = await vscode.window.showQuickPick(items, { placeHolder });
  if (!item) return null;
  if (item.isSame) return undefined;
  const [file] = (await vscode.window.showOpenDialog({ title: placeHolder, canSelectMany: false })) ?? [];
  return file ? readablePath(file) : null;
}

/** Asks whether the files of an earlier export may be replaced. */
async function confirmReplacing(folder: vscode.Uri): Promise<boolean> {
  const answer = vscode.l10n.t('Replace');
  const question = vscode.l10n.t(
    '{0} exists. Replace the files of an earlier export in it?',
    vscode.workspace.asRelativePath(folder),
  );
  return (await vscode.window.showWarningMessage(question, { modal: true }, answer)) === answer;
}

/** Asks for names. @param count number of them @returns undefined for numbers, null if the user cancels */
async function chooseList(prompt: string, count: number): Promise<string[] | undefined | null> {
  const split = (list: string) => list.split(',').map((label) => label.trim());
  const list = await vscode.window.showInputBox({
    title: vscode.l10n.t('Open model'),
    prompt,
    placeHolder: vscode.l10n.t('Empty for numbers'),
    validateInput: (value) =>
      value.trim() === '' || split(value).length === count
        ? undefined
        : vscode.l10n.t('{0} names are needed; there are {1}.', count, split(value).length),
  });
  if (list === undefined) return null;
  return list.trim() === '' ? undefined : split(list);
}
