import { tasks } from '../config/tasks.ts';
import { isDocuments } from '../data/documents/listDocuments.ts';
import { readDocuments, type TextDocument } from '../data/documents/readDocuments.ts';
import { splitDocuments } from '../data/documents/splitDocuments.ts';
import { readText } from '../data/textReader.ts';
import type { NamedArrays } from '../export/npz/npz.ts';
import type { NumpyArray } from '../export/npz/npy.ts';
import { type Activations, unitValues } from '../probes/inspection/activations.ts';
import type { TextSource } from '../config/textSource.ts';
import { MAX_COURSE_STEPS } from '../protocol/inspection.ts';
import type { RunRecord } from '../runs/record.ts';
import type { TextReading } from '../training/trainingTask.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';
import { readInParts } from './inspector/readInParts.ts';
import { readSource } from './tasks/dataFiles.ts';
import { storedCorpus } from './tasks/documentFiles.ts';

/** Characters of a run's own text that are read: its end, which is not trained on. */
const OWN_CHARACTERS = 2000;

/**
 * The passage of a run's own text that is read if none is given: the end of the text, which is in the validation part, or
 * of the last document of the validation part.
 * @throws PhrasedError for a task whose data is not a text
 * @throws InputError if the text cannot be read
 */
export async function ownPassage(folder: string, record: RunRecord): Promise<string> {
  const { config } = record;
  if (config.task.name !== 'language-model')
    throw new PhrasedError(
      phrase('The data of the task "{0}" is not a text. Name a text to read.', tasks[config.task.name].title),
    );
  const source: TextSource =
    config.data.validation === '' ? await storedCorpus(folder, record) : { kind: 'file', path: config.data.validation };
  if (source.kind === 'file' && (await isDocuments(source))) {
    const documents: TextDocument[] = [];
    await readDocuments({ ...readSource(source, config), ...source }, {}, (document) => {
      const end = document.pieces.join('').slice(-OWN_CHARACTERS);
      documents.push({ ...document, pieces: [end] });
    });
    const { validation } = splitDocuments(documents, config.data.validationShare, config.seed);
    return (documents[validation.at(-1) ?? 0]?.pieces ?? []).join('');
  }
  let end = '';
  for await (const piece of await readText(readSource(source, config))) end = (end + piece).slice(-OWN_CHARACTERS);
  return end;
}

/**
 * Gates and states of a model over a text as arrays: `tokens` `[time]`, and for each layer, direction and activation
 * `LAYER/DIRECTION/ACTIVATION` `[time, units]` as float32, such as `lstm_1/forward/forget`. The model starts from the
 * zero state.
 * @throws PhrasedError for a text with more tokens than are read at once
 */
export async function passageArrays({ model, encode }: TextReading, text: string): Promise<NamedArrays> {
  const { ids, tokens } = encode(text);
  if (ids.length > MAX_COURSE_STEPS)
    throw new PhrasedError(
      phrase(
        'The text has {0} tokens; at most {1} are read at once. Name a shorter text.',
        ids.length,
        MAX_COURSE_STEPS,
      ),
    );
  const parts: (readonly Activations[])[] = [];
  for await (const { activations } of readInParts(async (work) => work(), model, ids, {
    keepFrom: 0,
    keepActivations: true,
  }))
    parts.push(activations);
  const arrays = new Map<string, NumpyArray>([['tokens', { shape: [tokens.length], values: tokens }]]);
  parts[0]?.forEach(({ layer, direction, cell }, place) => {
    for (const { name } of cell.kind.activations) {
      const values = new Float32Array(ids.length * cell.units);
      let start = 0;
      for (const part of parts) {
        const activations = part[place]!;
        for (let unit = 0; unit < cell.units; unit++)
          unitValues(activations, name, unit).forEach((value, t) => (values[(start + t) * cell.units + unit] = value));
        start += activations.timeSteps;
      }
      arrays.set(`${layer}/${direction}/${name}`, { shape: [ids.length, cell.units], values });
    }
  });
  return arrays;
}
