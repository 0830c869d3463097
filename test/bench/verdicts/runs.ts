import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRunConfig, setField } from '../../../src/config/parse.ts';
import { tasks } from '../../../src/config/tasks.ts';
import type { RunConfig } from '../../../src/config/schema.ts';
import { Vocabulary } from '../../../src/data/vocabulary.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import type { Probe } from '../../../src/protocol/probes.ts';
import { oddsKey } from '../../../src/protocol/advice.ts';
import type { Advice, Finding } from '../../../src/protocol/verdicts.ts';
import { Session } from '../../../src/worker/session.ts';
import { readModelFile, storedModelWeights } from '../../../src/worker/trainedModel.ts';
import type { Case } from './cases.ts';
import { type CurvePoint, jacobianRatio, type LearningTruth, rightFlows, truthsOfCurve } from './truth.ts';

/** A finished run. */
interface Finished {
  readonly config: RunConfig;
  readonly folder: string;
  readonly diverged: boolean;
  readonly probe: Probe;
  /** Verdicts on learning at the end, most severe first. */
  readonly learning: readonly Finding[];
  readonly advice: readonly Advice[];
  readonly curve: readonly CurvePoint[];
  /** Validation loss of the model in `model/`. */
  readonly keptLoss: number;
  readonly uniform: number;
}

/** A verdict beside the truth. */
export interface Judged {
  readonly kind: 'flow' | 'learning';
  readonly name: string;
  readonly truth: string;
  readonly verdict: string;
  readonly isRight: boolean;
}

/** A piece of advice that was followed. */
export interface Tried {
  readonly key: string;
  readonly name: string;
  /** Whether the thing complained about is gone, and whether the loss is lower after equal steps. */
  readonly isGone: boolean;
  readonly isLower: boolean;
}

/** Loss differences below this fraction are no help. */
const LOWER = 0.005;

/** Trains a case with a seed, judges it, and follows each piece of advice. */
export async function judgeCase(each: Case, seed: number, home: string): Promise<{ judged: Judged[]; tried: Tried[] }> {
  const name = `${each.name}, seed ${seed}`;
  const run = await train({ ...each, config: { ...each.config, seed } }, home);
  const judged = [...judgeLearning(run, name), ...(await judgeFlow(run, each, name))];
  const tried: Tried[] = [];
  for (const advice of run.advice) tried.push(await follow(advice, run, each, name, home));
  await rm(run.folder, { recursive: true });
  return { judged, tried };
}

/** Verdicts on learning need five validations; before, there is nothing to judge. */
function judgeLearning({ learning, curve, uniform, diverged }: Finished, name: string): Judged[] {
  if (curve.length < 5 && !diverged) return [];
  const truths = truthsOfCurve(curve, uniform, diverged);
  const verdicts = learning.map((finding) => finding.verdict);
  const verdict = verdicts[0] ?? 'none';
  return [
    {
      kind: 'learning',
      name,
      truth: truths.join(' or '),
      verdict,
      isRight: [verdict, ...verdicts].some((each) => truths.some((truth) => RIGHT[truth].includes(each))),
    },
  ];
}

/** Verdicts one of which a run must have for what a person would say of its curve; several may hold. */
const RIGHT: Readonly<Record<LearningTruth, readonly string[]>> = {
  'not-finite': ['not-finite'],
  'worse-than-uniform': ['worse-than-uniform'],
  overfitting: ['overfitting'],
  // Neither is a headline of its own; a loss that falls may still be above that of counting.
  falling: ['still-falling', 'no-better-than-counting', 'none'],
  flat: ['plateau', 'noisy', 'no-better-than-counting', 'none'],
};

async function judgeFlow(
  { config, folder, probe, diverged }: Finished,
  { text }: Case,
  name: string,
): Promise<Judged[]> {
  const [flow] = probe.flow;
  if (text === null || config.training.keepBest || diverged || !flow) return [];
  const vocabulary = Vocabulary.fromJSON(JSON.parse(String(await readModelFile(folder, 'vocabulary.json'))));
  const ratio = jacobianRatio(await storedModelWeights(folder), config, text, vocabulary);
  const right = rightFlows(ratio);
  return [
    { kind: 'flow', name, truth: right.join(' or '), verdict: flow.verdict, isRight: right.includes(flow.verdict) },
  ];
}

/** Trains a run again with the changes of a piece of advice and the same seed. */
async function follow(advice: Advice, run: Finished, each: Case, name: string, home: string): Promise<Tried> {
  const changed = Object.entries(advice.changes).reduce<object>(
    (config, [path, value]) => setField(config, path, value),
    {
      ...run.config,
    },
  );
  const next = await train({ ...each, config: parseRunConfig(changed) }, home);
  await rm(next.folder, { recursive: true });
  // Clipping and saturation are no complaints: what matters is whether the loss is lower.
  const isComplaint = run.probe.verdicts.some(({ verdict }) => verdict === advice.occasion);
  const isGone =
    isComplaint && !next.diverged && !next.probe.verdicts.some(({ verdict }) => verdict === advice.occasion);
  // Another choice of the model to keep does not change the curve.
  const loss = 'training.keepBest' in advice.changes ? ({ keptLoss }: Finished) => keptLoss : lossOf;
  return { key: oddsKey(advice), name, isGone, isLower: loss(next) < (1 - LOWER) * loss(run) };
}

/** Validation loss at the end: the mean of the last three. */
function lossOf({ curve, diverged }: Finished): number {
  const last = curve.slice(-3);
  return diverged ? Infinity : last.reduce((sum, { loss }) => sum + loss, 0) / last.length;
}

async function train({ config, text }: Case, home: string): Promise<Finished> {
  const steps = config.training?.steps ?? 1;
  const complete = parseRunConfig({
    ...config,
    backend: 'wasm',
    threads: 1,
    sampling: { every: 0 },
    probes: { every: steps },
    training: { ...config.training, checkpointEvery: steps },
  });
  const events: RunEvent[] = [];
  const session = await Session.start(
    {
      config: complete,
      source: text === null ? { kind: 'generated' } : { kind: 'text', text, name: 'text' },
      backends: { home, tensorflowPath: '', wideSimd: false },
    },
    (event) => events.push(event),
  );
  const end = await session.train();
  const of = <E extends RunEvent['event']>(name: E) =>
    events.filter((event) => event.event === name) as Extract<RunEvent, { event: E }>[];
  const probe = of('probe').at(-1)?.probe;
  const [start] = of('start');
  if (!probe || !start) throw new Error('The run took no probe.');
  const learning = of('learning').at(-1);
  return {
    config: complete,
    folder: join(session.folder),
    diverged: end.reason === 'diverged',
    probe,
    learning: learning?.findings ?? [],
    // The probe gives each change for one occasion only.
    advice: withoutRepeats([...(learning?.advice ?? []), ...probe.advice]),
    curve: curveOf(events),
    keptLoss: end.validationLoss ?? Infinity,
    uniform: start.baselines[tasks[complete.task.name].references.guess] ?? NaN,
  };
}

function withoutRepeats(advice: readonly Advice[]): Advice[] {
  return [...new Map(advice.map((each) => [oddsKey(each), each])).values()];
}

function curveOf(events: readonly RunEvent[]): CurvePoint[] {
  const curve: CurvePoint[] = [];
  let losses: number[] = [];
  for (const event of events) {
    if (event.event === 'step') losses.push(event.loss ?? NaN);
    if (event.event !== 'validation') continue;
    curve.push({ loss: event.loss ?? NaN, trainLoss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length });
    losses = [];
  }
  return curve;
}
