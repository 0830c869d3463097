import { tasks } from '../../config/tasks.ts';
import { phrase, PhrasedError } from '../../phrases/phrase.ts';
import type { NamedArrays } from '../../export/npz/npz.ts';
import { type CheckpointReading, type CheckpointReadings, MAX_COMPARED_TOKENS } from '../../protocol/difference.ts';
import type { ReadingsRequest, StoredCheckpoint } from '../../protocol/trainer.ts';
import { Generator } from '../../random/generator.ts';
import { readOwnRecord } from '../../runs/logged/ownRecord.ts';
import type { TextReading, TrainingTask } from '../../training/trainingTask.ts';
import { reloadBackend } from '../chooseBackend.ts';
import { Inspector } from '../inspector/inspector.ts';
import { idleQuestions } from '../inspector/questions.ts';
import { ownPassage, passageArrays } from '../passage.ts';
import { taskKinds } from '../tasks/registry.ts';
import { activationPairs, meansOf, type NamedActivation } from './activationPairs.ts';
import { readCheckpoint } from './storedCheckpoint.ts';

/** Characters of a run's own text that are read if no passage is given. */
const OWN_CHARACTERS = 200;

/**
 * Lets two checkpoints, of one run or of two, read one passage and write, each on the backend of its run.
 * @throws InputError or PhrasedError for a checkpoint or data that is missing, a model that does not read texts, or a
 *   passage with too many tokens
 */
export async function compareReadings({
  checkpoints: [first, second],
  options,
  backends,
}: ReadingsRequest): Promise<CheckpointReadings> {
  const passage = options.passage ?? (await endOfText(first.folder));
  const read = async (checkpoint: StoredCheckpoint) =>
    readingOf(checkpoint, { options: { ...options, passage }, backends });
  const [a, b] = [await read(first), await read(second)];
  return { passage, readings: [a.reading, b.reading], maps: activationPairs([a.activations, b.activations]) };
}

async function endOfText(folder: string): Promise<string> {
  const text = await ownPassage(folder, await readOwnRecord(folder));
  return Array.from(text).slice(-OWN_CHARACTERS).join('');
}

/** Restores a checkpoint like a resume does, and lets its model read and write. */
async function readingOf(
  checkpoint: StoredCheckpoint,
  { options, backends }: Omit<ReadingsRequest, 'checkpoints'>,
): Promise<{ readonly reading: CheckpointReading; readonly activations: readonly NamedActivation[] }> {
  const { folder, step } = checkpoint;
  const [record, { state, tensors }] = [await readOwnRecord(folder), await readCheckpoint(checkpoint)];
  await reloadBackend(record.backend, backends);
  const task = (await taskKinds[record.config.task.name].reload(folder, record)).create();
  try {
    task.loop.restore(state.trainer, tensors);
    const { reading } = task;
    if (!reading)
      throw new PhrasedError(phrase('The task "{0}" does not read text.', tasks[record.config.task.name].title));
    const text = options.passage ?? '';
    const { tokens, surprisal } = await surprisals(reading, task, text, step);
    const activations = activationsIn(await passageArrays(reading, text));
    const written = await write(task, { ...options, passage: text });
    return {
      reading: { run: record.id, step, tokens, surprisal, activations: activations.map(meansOf), written },
      activations,
    };
  } finally {
    task.dispose();
  }
}

async function surprisals(
  reading: TextReading,
  { writer }: TrainingTask,
  text: string,
  step: number,
): Promise<Pick<CheckpointReading, 'tokens' | 'surprisal'>> {
  const { tokens } = reading.encode(text);
  if (tokens.length > MAX_COMPARED_TOKENS)
    throw new PhrasedError(
      phrase(
        'The passage has {0} tokens; at most {1} are compared. Choose a shorter one.',
        tokens.length,
        MAX_COMPARED_TOKENS,
      ),
    );
  const refuse = (): never => {
    throw new Error('A checkpoint that is compared is only read.');
  };
  const inspected = { step, stopping: false, reading: () => reading, writer: () => writer ?? refuse(), probe: refuse };
  const inspector = new Inspector(inspected, idleQuestions().ask);
  try {
    const { surprisal } = await inspector.inspect({ reader: 'comparison', text, from: 0, top: 0 });
    return { tokens: [...tokens], surprisal };
  } finally {
    inspector.dispose();
  }
}

function activationsIn(arrays: NamedArrays): NamedActivation[] {
  return [...arrays].flatMap(([name, { shape, values }]) => {
    const [layer, direction, activation] = name.split('/');
    const [time = 0, units = 0] = shape;
    if (layer === undefined || direction === undefined || activation === undefined) return [];
    return { layer, direction, activation, time, units, values: Float32Array.from(values, Number) };
  });
}

/** Text that the model of a task writes after a passage; null if it writes none. */
async function write(
  { writer }: TrainingTask,
  { passage, length, temperature, seed }: ReadingsRequest['options'],
): Promise<string | null> {
  if (writer?.form.kind !== 'continues' || length === 0) return null;
  const generator = Generator.forPurpose(seed, 'generate');
  let text = '';
  for await (const piece of writer.write({ prompt: passage ?? '', label: null, length, temperature, generator }))
    text += piece.text;
  return text;
}
