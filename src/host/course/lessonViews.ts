import { meets, taskOf, tasks } from '../../config/tasks.ts';
import { type LessonId, type LessonRun, lessons } from '../../protocol/lessons/lessons.ts';
import type { LessonOutcome, LessonRunView } from '../../protocol/lessons/runs.ts';
import { judgedDirection } from '../../protocol/probes.ts';
import { probedRun } from '../comparison/probedRun.ts';
import { bestValidation } from '../../runs/ranking.ts';
import type { RunModel } from '../runs/runModel.ts';
import { decimate } from '../../runs/series/decimate.ts';

/** Start of the comparison's name of the runs of lessons, followed by the id of the lesson and the time. */
const PREFIX = 'lesson/';

/** Whether a run was trained by a lesson, or by a certain one. */
export function isLessonRun({ comparison }: RunModel, lesson?: LessonId): boolean {
  return comparison?.startsWith(lesson === undefined ? PREFIX : `${PREFIX}${lesson}/`) === true;
}

/**
 * Name of the comparison of the runs of one training.
 * @param keys keys of the trained runs; undefined for all runs of the lesson
 */
export function trainingName(lesson: LessonId, time: Date, keys?: readonly string[]): string {
  const part = keys === undefined ? '' : `${keys.join('+')}/`;
  return `${PREFIX}${lesson}/${part}${time.toISOString()}`;
}

/** A run with its key in the table of lessons. */
export interface KeyedRun {
  readonly key: string;
  readonly run: RunModel;
}

/** The runs of the last training of each part of a lesson, oldest first. */
export function lastTrainings(lesson: LessonId, newestFirst: readonly RunModel[]): KeyedRun[] {
  const last = new Map<string, string>();
  const shown: KeyedRun[] = [];
  for (const run of newestFirst) {
    const { comparison } = run;
    if (comparison === null || !isLessonRun(run, lesson)) continue;
    const part = comparison.slice(0, comparison.lastIndexOf('/'));
    if (!last.has(part)) last.set(part, comparison);
    const definition = lessons[lesson].runs?.find((each) => isRunOf(each, run));
    if (definition && last.get(part) === comparison) shown.push({ key: definition.key, run });
  }
  return shown.reverse();
}

/**
 * Runs of all trainings of a lesson that have ended by themselves, the newest for each key and seed. For each key, their
 * configurations differ in the seed only; they are that of the newest run.
 */
export function endedRuns(lesson: LessonId, newestFirst: readonly RunModel[]): KeyedRun[] {
  const ofLesson = newestFirst.filter((run) => isLessonRun(run, lesson));
  return (lessons[lesson].runs ?? []).flatMap((definition) => {
    const runs = ofLesson.filter((run) => isRunOf(definition, run));
    const [newest] = runs;
    const bySeed = new Map<number, RunModel>();
    for (const run of runs)
      if (newest && hasEnded(run) && withoutSeed(run) === withoutSeed(newest) && !bySeed.has(run.config.seed))
        bySeed.set(run.config.seed, run);
    return [...bySeed.values()].map((run) => ({ key: definition.key, run }));
  });
}

function isRunOf({ key }: LessonRun, { lessonRun }: RunModel): boolean {
  return key === lessonRun;
}

function hasEnded({ state }: RunModel): boolean {
  return state === 'completed' || state === 'diverged';
}

function withoutSeed({ config }: RunModel): string {
  return JSON.stringify({ ...config, seed: 0 });
}

/** Whether the last validation of a run met the criterion of its task. */
function isSolved({ state, config, latest, curves }: RunModel): boolean {
  const { criterion } = taskOf(config.task);
  const loss = latest.validationLoss;
  return (
    state === 'completed' &&
    criterion !== undefined &&
    loss != null &&
    meets(criterion, { loss, scores: curves.latestScores })
  );
}

export function outcomeOf({ key, run }: KeyedRun): LessonOutcome {
  return { key, seed: run.config.seed, solved: isSolved(run), step: run.step };
}

/** @param probeStep as `probeStep` of the protocol */
export function viewOf({ key, run }: KeyedRun, probeStep: number | null): LessonRunView {
  const { id, config, state, step, progress, view, curves, probes, report } = run;
  const { steps: probeSteps, flow, first } = probedRun(run, probeStep);
  const { latest } = probes;
  const { task, data, training } = config;
  return {
    id,
    key,
    seed: config.seed,
    state,
    message: view.message,
    step,
    seconds: progress.seconds,
    steps: view.steps,
    solved: isSolved(run),
    settings: {
      learningRate: training.learningRate,
      clipNorm: training.clipNorm,
      truncation: training.truncation,
      distance: tasks[task.name].distance?.({ task, data }) ?? null,
    },
    curves: Object.fromEntries(curves.named().map(([name, series]) => [name, decimate(series)])),
    scores: curves.latestScores,
    scoreCurves: Object.fromEntries([...curves.scores].map(([name, series]) => [name, decimate(series)])),
    report,
    best: bestValidation(run),
    baselines: view.baselines ?? {},
    probeSteps,
    flow,
    firstFlow: first?.flow ?? null,
    lastStep: latest ? { step: latest.step, curve: judgedDirection(latest).flow.median } : null,
  };
}
