import * as z from 'zod';
import { describeStored } from '../../catalog/storedRun.ts';
import { effectiveFields } from '../../config/applicability.ts';
import { getField } from '../../config/parse.ts';
import { taskOf } from '../../config/tasks.ts';
import { say } from '../../phrases/phrase.ts';
import { delay } from '../../platform/system.ts';
import { applicableTo } from '../../protocol/applicableTo.ts';
import { rankAdvice } from '../../protocol/advice.ts';
import type { MetricEvent } from '../../protocol/events.ts';
import { measuredMetrics, seriesName, type SeriesName, spokenUnits } from '../../protocol/metrics.ts';
import { averagedSteps, meanLoss } from '../../protocol/trainingLoss.ts';
import type { Probe } from '../../protocol/probes.ts';
import { type Advice, type Finding, runHeadline } from '../../protocol/verdicts.ts';
import { readMetrics } from '../../runs/metricsLog.ts';
import { MetricsTail } from '../../runs/metricsTail.ts';
import { readProbes } from '../../runs/probeStore.ts';
import type { RunRecord } from '../../runs/record.ts';
import type { IndexedRun } from '../../runs/runIndex.ts';
import { recordedNotices } from '../../runs/runView.ts';
import { summarize } from '../../runs/summary.ts';
import { AgentError } from '../agentError.ts';
import type { AgentContext } from '../context.ts';
import { curvesOf, picturePoints, titleOf } from '../curves.ts';
import { exact } from '../rounded.ts';
import { findRun, isUnbegun, runIndex } from '../runs.ts';
import { advice, fieldValue, findings, runName, stepAndLoss } from '../schemas.ts';
import { shortened } from '../../format/shortened.ts';
import { defineTool } from '../tool.ts';

const input = z.strictObject({
  run: runName,
  points: z.int().min(2).max(200).default(20).describe('Most points of each curve.'),
  metrics: z
    .array(z.string())
    .max(10)
    .optional()
    .describe('Curves to return, such as "trainLoss", "validationLoss" or "gradientNorm". Default: the losses.'),
  samples: z
    .int()
    .min(0)
    .max(10)
    .default(2)
    .describe('Most texts that the model wrote while it trained, the last ones.'),
  waitSeconds: z
    .number()
    .min(0)
    .max(60)
    .default(0)
    .describe('Wait up to this long for the run to end. Call again if it has not.'),
});

const output = z.object({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  message: z.string().nullable().describe('Why the run ended early, or what to do.'),
  data: z.string(),
  summary: z.string().describe('The model, in short.'),
  config: z.record(z.string(), fieldValue).describe('Fields of the configuration that have an effect in this run.'),
  step: z.int(),
  steps: z.int().describe('Step after which training ends.'),
  seconds: z.number(),
  parameters: z.int(),
  backend: z.string().nullable(),
  unit: z.string().describe('Unit of the losses.'),
  trainLoss: z.number().nullable(),
  validationLoss: z.number().nullable(),
  best: stepAndLoss.nullable(),
  baselines: z
    .record(z.string(), z.number())
    .describe('Validation losses of simple models. A trained model should be lower.'),
  curves: z
    .record(z.string(), z.array(z.tuple([z.int(), z.number().nullable()])))
    .describe('Curves as pairs of step and value, decimated so that no extreme is lost.'),
  verdict: z.object({
    headline: z
      .string()
      .nullable()
      .describe('The verdict in one word; null as long as nothing was found and no gradient was probed.'),
    probedAt: z.int().nullable().describe('Step at which the gradients were probed.'),
    findings,
    facts: z.array(z.string()),
    advice,
  }),
  samples: z.array(z.object({ step: z.int(), prompt: z.string(), text: z.string() })),
  notices: z.array(z.string()),
  parent: z.string().nullable().describe('The run that it was started from.'),
  annotations: z.object({
    name: z.string().nullable(),
    tags: z.array(z.string()),
    starred: z.boolean(),
    archived: z.boolean(),
    note: z.string(),
  }),
});

const LOSSES: readonly SeriesName[] = ['trainLoss', 'validationLoss'];

/** Seconds between two looks at a run that trains. */
const LOOK_SECONDS = 0.5;

/** Longest text of a sample, and longest note, in characters. */
const [SAMPLE_LENGTH, NOTE_LENGTH] = [500, 2000];

export const getRun = defineTool({
  name: 'get_run',
  title: 'Get Run',
  description:
    'Returns one run: its configuration, losses, decimated curves, the verdict on its learning and its gradients with the numbers behind it, advice on what to change, and texts that it wrote. Follow a run that trains with waitSeconds.',
  effect: 'reads',
  cost: 'Reads the files of one run. Waits at most waitSeconds.',
  input,
  output,
  async picture({ id, name, unit, curves }, context) {
    const { folder, record } = await findRun(id, context);
    const units = spokenUnits(taskOf(record.config.task).units);
    const keys = Object.keys(curves).map(metricOf);
    const drawn = curvesOf(await readMetrics(folder), keys, picturePoints(keys.length));
    const areLosses = keys.every((key) => LOSSES.includes(key));
    return {
      kind: 'curves',
      title: name,
      unit: areLosses ? unit : '',
      curves: keys.map((key) => ({ label: titleOf(key, units), points: drawn[key] ?? [] })),
    };
  },
  async run({ run: name, points, metrics, samples, waitSeconds }, context) {
    const chosen = metrics === undefined ? LOSSES : metrics.map(metricOf);
    const found = await ended(name, waitSeconds, context);
    const { folder, record, annotations } = found;
    const [run] = describeStored([found]);
    if (!run) throw new AgentError(`The run "${name}" cannot be described. Call list_runs.`);
    const [events, probes] = await Promise.all([readMetrics(folder), readProbes(folder)]);
    const { config } = record;
    return {
      id: run.id,
      name: annotations.name ?? run.title,
      state: run.state,
      message: run.message === null ? null : say(run.message),
      data: record.name,
      summary: summarize(config),
      config: exact(effectiveConfig(record)),
      ...progressOf(record, events),
      steps: record.steps,
      parameters: record.parameters,
      backend: run.backend,
      unit: say(taskOf(config.task).units.loss),
      baselines: record.baselines,
      curves: curvesOf(events, chosen, points),
      verdict: verdictOf(record, probes.at(-1)),
      samples: samplesOf(events, samples),
      notices: recordedNotices(record).map(say),
      parent: record.parent?.run ?? null,
      annotations: { ...annotations, tags: [...annotations.tags], note: shortened(annotations.note, NOTE_LENGTH) },
    };
  },
});

/** The run, once it has ended or the time is over. */
async function ended(name: string, waitSeconds: number, context: AgentContext): Promise<IndexedRun> {
  const { signal, trainings } = context;
  const end = performance.now() + 1000 * waitSeconds;
  const index = runIndex(context);
  let tail: MetricsTail | undefined;
  let step = 0;
  for (;;) {
    const isOver = performance.now() >= end;
    if (!isUnbegun(trainings.status(name)) || isOver) {
      const found = await findRun(name, context, index);
      if (found.holder === undefined || isOver) return found;
      tail ??= new MetricsTail(found.folder);
      for (const event of (await tail.read()).events) step = Math.max(step, event.step);
      const { steps } = found.record;
      context.onProgress({ done: step, total: steps, message: `Step ${step} of ${steps}.` });
    }
    await delay(1000 * LOOK_SECONDS, signal);
  }
}

/** Step and losses. A record has those of its last checkpoint, which the events of a run in training go beyond. */
function progressOf({ config, progress }: RunRecord, events: readonly MetricEvent[]) {
  const trained = recentSteps(events, averagedSteps(applicableTo(config)));
  const validated = events.findLast((event) => event.event === 'validation');
  const best = events.reduce(
    (lowest, event) => (event.event === 'validation' ? lower(lowest, event) : lowest),
    progress.best,
  );
  return {
    step: events.reduce((last, { step }) => Math.max(last, step), progress.step),
    seconds: Math.max(progress.seconds, trained?.seconds ?? 0),
    trainLoss: latest(progress.step, progress.trainLoss, trained),
    validationLoss: latest(progress.step, progress.validationLoss, validated),
    best,
  };
}

/** The last step, with the mean loss of the last steps as a record has it. */
function recentSteps(events: readonly MetricEvent[], count: number) {
  const recent = events.flatMap((event) => (event.event === 'step' ? [event] : [])).slice(-count);
  const last = recent.at(-1);
  return last && { ...last, loss: meanLoss(recent.map(({ loss }) => loss ?? NaN)) };
}

/** The loss after the last checkpoint, which is null if it is not finite, or that of the record. */
function latest(checkpoint: number, recorded: number | null, event: LossEvent | undefined): number | null {
  return event !== undefined && event.step > checkpoint ? event.loss : (recorded ?? event?.loss ?? null);
}

type LossEvent = Readonly<z.output<typeof stepAndLoss>>;

/** The lower loss of two, the first one if they are equal. */
function lower(a: RunRecord['progress']['best'], { step, loss }: LossEvent): RunRecord['progress']['best'] {
  return loss !== null && (a === null || loss < a.loss) ? { step, loss } : a;
}

function metricOf(name: string): SeriesName {
  const { success, data } = seriesName.safeParse(name);
  if (success) return data;
  throw new AgentError(`There is no curve "${name}". Curves: ${measuredMetrics.map(({ key }) => key).join(', ')}.`);
}

/** The fields that have an effect, by their dotted paths. */
function effectiveConfig({ config }: RunRecord): Record<string, string | number | boolean | null> {
  const entries = [...effectiveFields(config)].map((path) => {
    const value = getField(config, path);
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return [path, isPlain ? value : null] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== null && value !== ''));
}

/** The verdict of the last probe with that of the losses, as the panel shows it. */
function verdictOf({ progress }: RunRecord, probe: Probe | undefined) {
  const learned = progress.learning?.findings ?? [];
  const flow = probe?.verdicts.filter(({ layer }) => layer !== null) ?? [];
  const found = [...learned, ...flow];
  const advised = rankAdvice([...(progress.learning?.advice ?? []), ...(probe?.advice ?? [])]);
  return {
    headline: runHeadline(found, probe !== undefined),
    probedAt: probe?.step ?? null,
    findings: found.map(findingOf),
    facts: probe?.facts.map(({ sentence }) => say(sentence)) ?? [],
    advice: advised.map(adviceOf),
  };
}

function findingOf({ verdict, layer, direction, sentence, numbers }: Finding) {
  return { verdict, layer, direction, sentence: say(sentence), numbers };
}

function adviceOf({ label, why, changes, odds }: Advice) {
  return {
    label: say(label),
    why: say(why),
    set: exact({ ...changes }),
    tried: odds?.tried ?? null,
    helped: odds?.helped ?? null,
  };
}

function samplesOf(events: readonly MetricEvent[], most: number) {
  const written = events.flatMap((event) => (event.event === 'sample' ? [event] : []));
  return written.slice(written.length - Math.min(most, written.length)).map(({ step, prompt, text }) => ({
    step,
    prompt: shortened(prompt, SAMPLE_LENGTH),
    text: shortened(text, SAMPLE_LENGTH),
  }));
}
