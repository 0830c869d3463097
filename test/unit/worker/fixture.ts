import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunConfigInput } from '../../../src/config/schema.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { tasks } from '../../../src/config/tasks.ts';
import type { RunEvent, StartEvent } from '../../../src/protocol/events.ts';
import { defaultDrawing } from '../../../src/config/drawing.ts';
import type { GeneratedText } from '../../../src/protocol/generation.ts';
import type { GenerateRequest, StartRequest } from '../../../src/protocol/trainer.ts';
import { generate } from '../../../src/worker/generate.ts';
import { Session } from '../../../src/worker/session.ts';

/** A text that a small network learns in a few hundred steps, and a run on it that takes a second or two. */
export const rhyme = Array.from(
  { length: 60 },
  (_, verse) => `the cat ${verse % 3} sat on the mat, and the dog ${verse % 2} ran after the cat.\n`,
).join('');

export function request(home: string, config: RunConfigInput = {}, text = rhyme): StartRequest {
  return {
    config: parseRunConfig({
      backend: 'reference',
      ...config,
      data: { sequenceLength: 12, ...config.data },
      model: { units: 12, ...config.model },
      training: {
        batchSize: 4,
        steps: 30,
        validateEvery: 10,
        checkpointEvery: 10,
        learningRate: 0.01,
        patience: 0,
        ...config.training,
      },
      sampling: { every: 0, length: 20, ...config.sampling },
    }),
    source: { kind: 'text', text, name: 'rhyme.txt' },
    backends: { home, tensorflowPath: '', wideSimd: false },
  };
}

/** Asserts that a task has the baselines that its losses are judged against. */
export function assertReferences({ task, baselines }: StartEvent): void {
  const { guess, counting } = tasks[task].references;
  for (const name of [guess, ...counting]) assert.ok(name in baselines, `${task}: ${name}`);
}

/** Collects the events of a session. */
export function recorder() {
  const events: RunEvent[] = [];
  const of = <E extends RunEvent['event']>(name: E) =>
    events.filter((event) => event.event === name) as Extract<RunEvent, { event: E }>[];
  return { events, of, emit: (event: RunEvent) => void events.push(event) };
}

/** Trains a new run to its end. */
export async function train(start: StartRequest) {
  const events = recorder();
  const session = await Session.start(start, events.emit);
  return { folder: session.folder, events, end: await session.train() };
}

/**
 * Asserts that a run of 10 steps, and one of 5 steps resumed to 10, end with identical tensors and weights.
 * @param starting request of a run with a number of steps
 */
export async function assertResumesExactly(starting: (steps: number) => StartRequest) {
  const request = starting(10);
  const whole = await train(request);
  const half = await train(starting(5));
  const changes = { steps: 10 };
  const session = await Session.resume({ folder: half.folder, changes, backends: request.backends }, () => undefined);
  await session.train();
  const files = async (folder: string) =>
    Promise.all(['checkpoints/step-10/tensors.bin', 'model/weights.bin'].map((file) => readFile(join(folder, file))));
  assert.deepEqual(await files(half.folder), await files(whole.folder));
  return { whole, half };
}

/** What a stored model writes for a request: by default one text, at temperature 1. */
export async function generated(
  request: Partial<GenerateRequest> & Pick<GenerateRequest, 'folder' | 'backends'>,
  onPiece: (piece: string) => void = () => undefined,
): Promise<GeneratedText[]> {
  const usual = {
    ...defaultDrawing,
    temperature: 1,
    prompt: '',
    label: null,
    length: 20,
    seed: 1,
    samples: 1,
    beam: 1,
  };
  return generate({ ...usual, describe: false, ...request }, onPiece, new AbortController().signal);
}

/** The only text of such a request. */
export async function generatedText(...request: Parameters<typeof generated>): Promise<string> {
  const [{ text } = { text: '' }, ...others] = await generated(...request);
  assert.equal(others.length, 0);
  return text;
}
