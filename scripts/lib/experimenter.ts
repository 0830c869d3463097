/**
 * A scripted agent, without a model: it inspects a file, trains, reads the verdict, changes the one thing that the advice
 * on the gradient names, trains again, compares, writes down what it found, and exports. docs/agents.md shows its
 * transcript, and a test runs it.
 */
import * as z from 'zod';

/** Answer of a tool. */
export interface Answer {
  readonly isError: boolean;
  /** The text, and the content of an answer that is no error. */
  readonly text: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** Calls a tool. */
export type Call = (tool: string, args: Readonly<Record<string, unknown>>) => Promise<Answer>;

/** A call of the agent, with why it makes it. */
export interface Entry {
  readonly why: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly answer: Answer;
}

/** A network whose recurrent kernel is too small to carry a gradient over the window. */
const FIRST = {
  'model.cell': 'rnn',
  'model.units': 24,
  'model.recurrentGain': 0.5,
  'data.sequenceLength': 40,
  'training.validateEvery': 20,
  'probes.every': 50,
  backend: 'wasm',
};
const STEPS = 100;
const WAIT = 60;

const started = z.object({ run: z.string() });
const changes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const examined = z.object({
  state: z.string(),
  best: z.object({ loss: z.number() }).nullable(),
  verdict: z.object({
    findings: z.array(
      z.object({
        verdict: z.string(),
        layer: z.string().nullable(),
        numbers: z.record(z.string(), z.number().nullable()),
      }),
    ),
    advice: z.array(z.object({ label: z.string(), set: changes })),
  }),
});
const compared = z.object({ best: z.string() });

/** What the experiment found. */
export interface Experiment {
  readonly entries: readonly Entry[];
  readonly first: string;
  readonly second: string;
  /** Step back from which on less than 1 % of the gradient was left in the first run. */
  readonly vanishedAfter: number;
  /** Fields that the agent has changed. */
  readonly changed: z.output<typeof changes>;
  readonly best: string;
}

/** @param file a text in the workspace @param out file to export the curves to */
export async function experiment(call: Call, { file, out }: { file: string; out: string }): Promise<Experiment> {
  const entries: Entry[] = [];
  const ask = async <T>(schema: z.ZodType<T>, why: string, tool: string, args: Entry['args']): Promise<T> => {
    const answer = await call(tool, args);
    entries.push({ why, tool, args, answer });
    if (answer.isError) throw new Error(`${tool} ${JSON.stringify(args)}: ${answer.text}`);
    return schema.parse(answer.content);
  };
  const follow = async (why: string, run: string) => {
    for (;;) {
      const found = await ask(examined, why, 'get_run', { run, points: 5, samples: 0, waitSeconds: WAIT });
      if (found.state !== 'running') return found;
      entries.pop();
    }
  };
  await ask(z.unknown(), 'What is in the file?', 'inspect_data', { path: file });
  const training = { path: file, set: FIRST, steps: STEPS };
  const { run: first } = await ask(started, 'A simple network first.', 'start_training', training);
  const before = await follow('What does the run say about itself?', first);
  const flow = before.verdict.findings.find(({ verdict }) => verdict === 'vanishing');
  const vanishedAfter = flow?.numbers['stepsToHundredth'] ?? null;
  const advice = before.verdict.advice.find(({ set }) => 'model.cell' in set);
  if (vanishedAfter === null || !advice) throw new Error('The first run has no vanishing gradient to correct.');
  const { run: second } = await ask(
    started,
    `The gradient vanishes after ${vanishedAfter} steps. Change the one thing that is advised: ${advice.label}.`,
    'start_training',
    { from: first, set: advice.set },
  );
  await follow('Did it help?', second);
  const { best } = await ask(compared, 'Both side by side.', 'compare_runs', { runs: [first, second] });
  await ask(z.unknown(), 'Write down what was found.', 'annotate_run', {
    run: second,
    addTags: ['memory'],
    appendNote: `${advice.label}, because the gradient of ${first} vanishes after ${vanishedAfter} steps. Lower validation loss: ${best}.`,
  });
  await ask(z.unknown(), 'Keep the curves.', 'export_run', { runs: [first, second], format: 'csv', path: out });
  return { entries, first, second, vanishedAfter, changed: advice.set, best };
}
