import { basename, join } from 'node:path';
import { describeModel } from '../../config/describeModel.ts';
import { reproductionOf, shareable } from '../../export/page/reproduction.ts';
import { portableFormats } from '../../interop/formats.ts';
import { phrase, say, type Text } from '../../phrases/phrase.ts';
import { UnusableError } from '../../phrases/causes.ts';
import { disk, exists, type Files } from '../../platform/files.ts';
import type { PortableRequest } from '../../protocol/trainer.ts';
import { CheckedFolder, MANIFEST } from '../../runs/integrity.ts';
import { readRecord, type RunRecord } from '../../runs/record.ts';
import { reloadBackend } from '../chooseBackend.ts';
import { MODEL_FOLDER } from '../trainedModel.ts';
import { openPortable } from './openPortable.ts';
import { portableModel } from './portableNetwork.ts';

/** Files of `model/` that are about the weights in our own layout, and not for other programs. */
const OWN: ReadonlySet<string> = new Set(['model.json', 'weights.bin', MANIFEST]);

/**
 * Writes the model of a run into a folder for another program: its weights, its structure (`config.json`), vocabularies
 * and labels as they are in `model/`, an example with inputs and outputs, the program that opens it, and a model card.
 * @returns the names of the files
 * @throws UnusableError for a model that the format cannot express, and for a folder that has files
 * @throws DamagedRunError if the model is damaged
 */
export async function exportPortable(
  { folder, format: name, out, programs, replace, backends }: PortableRequest,
  files: Files = disk,
): Promise<string[]> {
  const record = await readRecord(folder);
  if (!replace && exists(out) && (await files.list(out)).length > 0)
    throw new UnusableError(
      phrase('"{0}" has files. Choose another folder, or replace the files of an earlier export with --force.', out),
    );
  await reloadBackend(record.backend, backends);
  const network = await openPortable(folder, record);
  const format = portableFormats[name];
  const obstacle = format.obstacle(network.shape);
  if (obstacle) throw new UnusableError(phrase('The model cannot be written for {0}. {1}', format.title, obstacle));
  const weights = format.files(await portableModel(network));
  const config = {
    version: 1,
    task: record.config.task.name,
    weights: Object.keys(weights),
    ...network.shape,
    run: shareable(record.config),
  };
  const content = {
    'config.json': `${JSON.stringify(config, undefined, 2)}\n`,
    ...weights,
    'example.json': `${JSON.stringify(await network.example())}\n`,
    [format.program]: await disk.read(join(programs, format.program)),
    ...(await describing(folder)),
  };
  const written = { ...content, 'README.md': modelCard(record, Object.keys(content), format) };
  await files.makeFolder(out);
  // Another program might read the weights of an earlier export.
  for (const file of Object.keys(ABOUT)) if (!Object.hasOwn(written, file)) await files.remove(join(out, file));
  for (const [file, bytes] of Object.entries(written)) await files.write(join(out, file), bytes);
  return Object.keys(written);
}

/** The files of `model/` that describe inputs and outputs. */
async function describing(folder: string): Promise<Record<string, Uint8Array>> {
  const kept: Record<string, Uint8Array> = {};
  const model = await CheckedFolder.open(join(folder, MODEL_FOLDER), disk);
  for (const { name, isFile } of await disk.list(join(folder, MODEL_FOLDER)))
    if (isFile && !OWN.has(name)) kept[name] = await model.read(name);
  return kept;
}

/** What the files are, by their names. */
const ABOUT: Readonly<Record<string, Text>> = {
  'config.json': phrase('structure of the model'),
  'model.safetensors': phrase('weights, named and laid out as a state_dict of PyTorch'),
  'model.pt': phrase('weights, a state_dict of PyTorch'),
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
  'labels.json': phrase('labels, and the length of the longest text'),
  'sequence_lab_model.py': phrase('opens the model in PyTorch'),
  'sequence_lab_onnx.py': phrase('runs the model with onnxruntime'),
};

/** What the model is, how good it is and how it was made, as Markdown. */
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
    ...names.map((file) => `- \`${file}\`${ABOUT[file] === undefined ? '' : `: ${say(ABOUT[file])}`}`),
    '',
    ...(isImported
      ? []
      : [`## ${say(phrase('How to train it again'))}`, '', '```sh', training, '```', '', '```json', fields, '```', '']),
  ].join('\n');
}
