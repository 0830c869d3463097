import { basename, join } from 'node:path';
import { describeModel } from '../../config/describeModel.ts';
import { reproductionOf } from '../../export/page/reproduction.ts';
import { portableFormats } from '../../interop/formats.ts';
import { phrase, say } from '../../phrases/phrase.ts';
import { UnusableError } from '../../phrases/causes.ts';
import { disk, exists, type Files } from '../../platform/files.ts';
import type { PortableRequest } from '../../protocol/trainer.ts';
import { readRecord, type RunRecord } from '../../runs/record.ts';
import { reloadBackend } from '../chooseBackend.ts';
import { MODEL_FOLDER } from '../trainedModel.ts';
import { openPortable } from './openPortable.ts';
import { portableModel } from './portableNetwork.ts';

/** Files of `model/` that are about the weights in our own layout, and not for other programs. */
const OWN: ReadonlySet<string> = new Set(['model.json', 'weights.bin', 'integrity.json']);

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
    throw new UnusableError(phrase('"{0}" has files. Choose another folder.', out));
  await reloadBackend(record.backend, backends);
  const network = await openPortable(folder, record);
  const format = portableFormats[name];
  const obstacle = format.obstacle(network.shape);
  if (obstacle) throw new UnusableError(phrase('The model cannot be written for {0}. {1}', format.title, obstacle));
  const content = {
    'config.json': `${JSON.stringify({ version: 1, task: record.config.task.name, ...network.shape }, undefined, 2)}\n`,
    ...format.files(await portableModel(network)),
    'example.json': `${JSON.stringify(await network.example())}\n`,
    [format.program]: await disk.read(join(programs, format.program)),
    ...(await describing(folder)),
  };
  const written = { ...content, 'README.md': modelCard(record, Object.keys(content), format) };
  await files.makeFolder(out);
  for (const [file, bytes] of Object.entries(written)) await files.write(join(out, file), bytes);
  return Object.keys(written);
}

/** The files of `model/` that describe inputs and outputs. */
async function describing(folder: string): Promise<Record<string, Uint8Array>> {
  const path = join(folder, MODEL_FOLDER);
  const kept: Record<string, Uint8Array> = {};
  for (const { name, isFile } of await disk.list(path))
    if (isFile && !OWN.has(name)) kept[name] = await disk.read(join(path, name));
  return kept;
}

const ABOUT: Readonly<Record<string, string>> = {
  'config.json': 'structure of the model',
  'model.safetensors': 'weights, named and laid out as a PyTorch `state_dict`',
  'model.pt': 'weights, a PyTorch `state_dict`',
  'example.json': 'inputs, and the outputs of Sequence Lab for them (logits, before the softmax)',
  'vocabulary.json': 'tokens by id',
  'source-vocabulary.json': 'tokens of the source by id',
  'target-vocabulary.json': 'tokens of the target by id',
  'task.json': 'how texts are split into tokens, and the labels in the order of the outputs',
  'series.json': 'columns, transforms and scales of the series',
  'writing.json': 'longest output',
  'sequence_lab_model.py': 'opens the model in PyTorch',
};

/** What the model is, how good it is and how it was made, as Markdown. */
function modelCard(
  record: RunRecord,
  names: readonly string[],
  { command, title }: { readonly command: string; readonly title: string },
): string {
  const { config, progress, name, id } = record;
  const kept = progress.kept ?? progress.best;
  const { command: training, config: fields, sha256 } = reproductionOf(record);
  const findings = progress.learning?.findings ?? [];
  return [
    `# ${say(describeModel(config))}`,
    '',
    `Trained with Sequence Lab on ${JSON.stringify(basename(name))} (run ${id}), exported for ${title}.`,
    '',
    '| | |',
    '| --- | --- |',
    `| task | ${config.task.name} |`,
    `| step | ${kept?.step ?? progress.step} |`,
    `| validation loss | ${kept ? String(kept.loss) : 'not measured'} |`,
    `| verdict on learning | ${findings.map(({ sentence }) => say(sentence)).join(' ') || 'none'} |`,
    ...(sha256 === null ? [] : [`| SHA-256 of the data | ${sha256} |`]),
    '',
    `Check: \`${command}\` compares the outputs with those of Sequence Lab on the example.`,
    '',
    ...names.map((file) => `- \`${file}\`${ABOUT[file] === undefined ? '' : `: ${ABOUT[file]}`}`),
    '',
    '## How to repeat it',
    '',
    '```sh',
    training,
    '```',
    '',
    '```json',
    fields,
    '```',
    '',
  ].join('\n');
}
