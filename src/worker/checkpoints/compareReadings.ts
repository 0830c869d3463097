import { isSigmoid } from '../../config/cells.ts';
import { tasks } from '../../config/tasks.ts';
import { phrase, PhrasedError } from '../../phrases/phrase.ts';
import type { NamedArrays } from '../../export/npz/npz.ts';
import {
  type ActivationPair,
  type CheckpointReading,
  type CheckpointReadings,
  MAX_COMPARED_TOKENS,
} from '../../protocol/difference.ts';
import type { ActivationMap } from '../../protocol/inspection.ts';
import { type ActivationName, activationName } from '../../protocol/probes.ts';
import type { ReadingsRequest, StoredCheckpoint } from '../../protocol/trainer.ts';
import { Generator } from '../../random/generator.ts';
import { readOwnRecord } from '../../runs/logged/ownRecord.ts';
import type { TextReading, TrainingTask } from '../../training/trainingTask.ts';
import { reloadBackend } from '../chooseBackend.ts';
import { Inspector } from '../inspector/inspector.ts';
import { idleQuestions } from '../inspector/questions.ts';
import { ownPassage, passageArrays } from '../passage.ts';
import { taskKinds } from '../tasks/registry.ts';
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

/** An activation of a layer and direction over a passage: `[time, units]`. */
interface NamedActivation {
  readonly layer: string;
  readonly direction: string;
  readonly activation: string;
  readonly time: number;
  readonly units: number;
  readonly values: Float32Array;
}

function activationsIn(arrays: NamedArrays): NamedActivation[] {
  return [...arrays].flatMap(([name, { shape, values }]) => {
    const [layer, direction, activation] = name.split('/');
    const [time = 0, units = 0] = shape;
    if (layer === undefined || direction === undefined || activation === undefined) return [];
    return { layer, direction, activation, time, units, values: Float32Array.from(values, Number) };
  });
}

/** Means over the units at each token. */
function meansOf({ layer, direction, activation, time, units, values }: NamedActivation): Means {
  const means = Array.from(
    { length: time },
    (_, t) => values.subarray(t * units, (t + 1) * units).reduce((sum, value) => sum + value, 0) / units,
  );
  return { layer, direction, activation, means };
}

type Means = CheckpointReading['activations'][number];

/** The activations of both checkpoints as maps, those of the same layer, direction and name next to each other. */
function activationPairs(sides: readonly [readonly NamedActivation[], readonly NamedActivation[]]): ActivationPair[] {
  const placeOf = ({ layer, direction, activation }: NamedActivation) => `${layer}/${direction}/${activation}`;
  const places = new Map(sides.flat().map((each) => [placeOf(each), each]));
  return [...places].flatMap(([place, { layer, direction, activation }]) => {
    const { data: name } = activationName.safeParse(activation);
    if (name === undefined) return [];
    const [a, b] = sides.map((side) => side.find((each) => placeOf(each) === place));
    const range = rangeOf(name, [a, b]);
    return { layer, direction, activation: name, maps: [a ? mapOf(a, range) : null, b ? mapOf(b, range) : null] };
  });
}

/** Range of an activation in all of its maps, so that a color means the same value in each of them. */
function rangeOf(name: ActivationName, sides: readonly (NamedActivation | undefined)[]): readonly [number, number] {
  if (isSigmoid(name)) return [0, 1];
  const largest = sides.reduce(
    (most, side) => side?.values.reduce((more, value) => Math.max(more, Math.abs(value)), most) ?? most,
    0,
  );
  return largest > 0 && Number.isFinite(largest) ? [-largest, largest] : [-1, 1];
}

function mapOf({ time, units, values }: NamedActivation, [low, high]: readonly [number, number]): ActivationMap {
  const bytes = new Uint8Array(units * time);
  for (let unit = 0; unit < units; unit++)
    for (let t = 0; t < time; t++)
      bytes[unit * time + t] = Math.round((255 * ((values[t * units + unit] ?? 0) - low)) / (high - low));
  const order = Array.from({ length: units }, (_, unit) => unit);
  return { units, timeSteps: time, low, high, values: bytes, holes: null, order, scores: [] };
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
