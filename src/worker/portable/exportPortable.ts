import { basename, join } from 'node:path';
import { describeModel } from '../../config/describeModel.ts';
import { reproductionOf, shareable } from '../../export/page/reproduction.ts';
import { portableFormats } from '../../interop/formats.ts';
import { phrase, say, type Text } from '../../phrases/phrase.ts';
import { UnusableError } from '../../phrases/causes.ts';
import { disk, type Files } from '../../platform/files.ts';
import type { PortableRequest } from '../../protocol/trainer.ts';
import { replaceFiles } from '../../runs/atomic.ts';
import { CheckedFolder, MANIFEST } from '../../runs/integrity.ts';
import { readOwnRecord } from '../../runs/logged/ownRecord.ts';
import type { RunRecord } from '../../runs/record.ts';
import { reloadBackend } from '../chooseBackend.ts';
import { MODEL_FOLDER } from '../trainedModel.ts';
import { CONFIG_FILE, outdatedFiles } from './exportFolder.ts';
import { openPortable } from './openPortable.ts';
import { portableModel } from './portableNetwork.ts';

/** Files of `model/` that are about the weights in our own layout, and not for other programs. */
const OWN: ReadonlySet<string> = new Set(['model.json', 'weights.bin', MANIFEST]);

/** The model card. */
const CARD = 'README.md';

/**
 * Writes the model of a run into a folder for another program: its weights, its structure (`config.json`), vocabularies
 * and labels as they are in `model/`, an example with inputs and outputs, the program that opens it, and a model card.
 * A symbolic link in the folder is replaced, not followed.
 * @returns the names of the files
 * @throws UnusableError for a model that the format cannot express, and for a folder with other files than those of an
 *   earlier export
 * @throws DamagedRunError if the model is damaged
 */
export async function exportPortable(
  { folder, format: name, out, programs, replace, backends }: PortableRequest,
  files: Files = disk,
): Promise<string[]> {
  const record = await readOwnRecord(folder);
  await outdatedFiles(out, { names: [], replace }, files);
  await reloadBackend(record.backend, backends);
  const network = await openPortable(folder, record);
  const format = portableFormats[name];
  const obstacle = format.obstacle(network.shape);
  if (obstacle) throw new UnusableError(phrase('The model cannot be written for {0}. {1}', format.title, obstacle));
  const weights = format.files(await portableModel(network));
  const content = {
    ...weights,
    'example.json': `${JSON.stringify(await network.example())}\n`,
    ...(await programFiles(programs, format.programs(network.shape))),
    ...(await describing(folder)),
  };
  const names = [CONFIG_FILE, ...Object.keys(content)];
  const config = {
    version: 1,
    task: record.config.task.name,
    weights: Object.keys(weights),
    files: [...names, CARD],
    ...network.shape,
    run: shareable(record.config),
  };
  const written = {
    [CONFIG_FILE]: `${JSON.stringify(config, undefined, 2)}\n`,
    ...content,
    [CARD]: modelCard(record, names, format),
  };
  const outdated = await outdatedFiles(out, { names: Object.keys(written), replace }, files);
  await files.makeFolder(out);
  for (const file of outdated) await files.remove(join(out, file));
  await replaceFiles(out, written, files);
  return Object.keys(written);
}

/** The programs that open the model, by their names. @param folder the folder `media` */
async function programFiles(folder: string, paths: readonly string[]): Promise<Record<string, Uint8Array>> {
  const contents = paths.map(async (path) => [basename(path), await disk.read(join(folder, path))] as const);
  return Object.fromEntries(await Promise.all(contents));
}

/** The files of `model/` that describe inputs and outputs. */
async function describing(folder: string): Promise<Record<string, Uint8Array>> {
  const kept: Record<string, Uint8Array> = {};
  const model = await CheckedFolder.open(join(folder, MODEL_FOLDER), disk);
  for (const { name, isFile } of await disk.list(join(folder, MODEL_FOLDER)))
    if (isFile && !OWN.has(name)) kept[name] = await model.read(name);
  return kept;
}

/** Files of weights that a LayersModel is split into. */
const SHARD = /\.bin$/;
const ABOUT_SHARD = phrase('weights of the model of TensorFlow.js whose JSON lists the file');

/** Descriptions of the files, by their names. */
const ABOUT: Readonly<Record<string, Text>> = {
  'config.json': phrase('structure of the model'),
  'model.safetensors': phrase('weights, named and laid out as a state_dict of PyTorch'),
  'model.pt': phrase('weights, a state_dict of PyTorch'),
  'model.keras': phrase('the network as a model of Keras'),
  'initial.keras': phrase('the initial states for a label, as a model of Keras'),
  'encoder.keras': phrase('the encoder as a model of Keras'),
  'decoder.keras': phrase('the decoder as a model of Keras'),
  'model.onnx': phrase('the network as an ONNX graph'),
  'initial.onnx': phrase('the initial states for a label'),
  'encoder.onnx': phrase('the encoder as an ONNX graph'),
  'decoder.onnx': phrase('the decoder as an ONNX graph'),
  'example.json': phrase(
    'inputs, and the outputs of Sequence Lab for them (logits, before a softmax or sigmoid, or numbers)',
  ),
  'vocabulary.json': phrase('tokens by id'),
  'source-vocabulary.json': phrase('tokens of the source by id'),
  'target-vocabulary.json': phrase('tokens of the target by id'),
  'task.json': phrase('how texts are split into tokens, and the labels in the order of the outputs'),
  'series.json': phrase('columns, transforms and scales of the series'),
  'writing.json': phrase('length of the longest output'),
  'model.json': phrase('the network as a LayersModel of TensorFlow.js'),
  'step.json': phrase('the same network with its states as inputs and outputs, to be run step by step'),
  'initial.json': phrase('the initial states for a label as a LayersModel'),
  'encoder.json': phrase('the encoder as a LayersModel of TensorFlow.js'),
  'decoder.json': phrase('the decoder as a LayersModel of TensorFlow.js'),
  'sequence-lab-model.mjs': phrase('opens the model in TensorFlow.js'),
  'sequence-lab-layers.mjs': phrase('layers of the model that TensorFlow.js lacks'),
  'labels.json': phrase('labels, and the length of the longest text'),
  'sequence_lab_model.py': phrase('opens the model in PyTorch'),
  'sequence_lab_keras.py': phrase('opens the model in Keras'),
  'sequence_lab_onnx.py': phrase('runs the model with onnxruntime'),
};

/** Model card in Markdown: origin, results, files, and how to train the model again. */
function modelCard(
  record: RunRecord,
  names: readonly string[],
  { command, title }: { readonly command: string; readonly title: string },
): string {
  const { config, progress, name, id } = record;
  const { kept } = progress;
  const { command: training, config: fields, sha256 } = reproductionOf(record);
  const findings = progress.learning?.findings ?? [];
  const isImported = record.state === 'imported';
  const origin = isImported
    ? phrase(
        'Imported into Sequence Lab from {0} (run {1}), exported for {2}.',
        JSON.stringify(basename(name)),
        id,
        title,
      )
    : phrase(
        'Trained with Sequence Lab on {0} (run {1}), exported for {2}.',
        JSON.stringify(basename(name)),
        id,
        title,
      );
  const facts: readonly (readonly [Text, string])[] = [
    [phrase('Task'), config.task.name],
    [phrase('Step'), String(kept?.step ?? progress.step)],
    [phrase('Validation loss'), kept?.loss == null ? '-' : String(kept.loss)],
    [phrase('Verdicts on learning'), findings.map(({ sentence }) => say(sentence)).join(' ') || '-'],
    ...(sha256 === null ? [] : [[phrase('SHA-256 of the data'), sha256] as const]),
  ];
  return [
    `# ${describeModel(config)}`,
    '',
    say(origin),
    '',
    '| | |',
    '| --- | --- |',
    ...facts.map(([label, value]) => `| ${say(label)} | ${value.replaceAll('|', '\\|')} |`),
    '',
    say(phrase('To compare the outputs with those of Sequence Lab on the example: {0}', `\`${command}\``)),
    '',
    ...names.map((file) => {
      const about = ABOUT[file] ?? (SHARD.test(file) ? ABOUT_SHARD : '');
      return `- \`${file}\`${about === '' ? '' : `: ${say(about)}`}`;
    }),
    '',
    ...(isImported
      ? []
      : [`## ${say(phrase('How to train it again'))}`, '', '```sh', training, '```', '', '```json', fields, '```', '']),
  ].join('\n');
}
