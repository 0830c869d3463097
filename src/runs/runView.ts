import { drawingOf } from '../config/drawing.ts';
import { basename } from 'node:path';
import { describeModel } from '../config/describeModel.ts';
import { type LabeledRun, labelRuns } from '../config/runLabel.ts';
import type { RunParent } from '../config/runParent.ts';
import type { RunConfig } from '../config/schema.ts';
import { taskOf, tasks } from '../config/tasks.ts';
import { say, type Text } from '../phrases/phrase.ts';
import { applicableTo } from '../protocol/applicableTo.ts';
import { runFacts, type RunFacts } from '../protocol/events.ts';
import { spokenUnits } from '../protocol/metrics.ts';
import type { RunView } from '../protocol/panel.ts';
import { describeRepetition } from '../protocol/replay.ts';
import { storedMessage, storedState } from '../protocol/storedState.ts';
import type { RunRecord } from './record.ts';
import type { ListedRun } from './runStore.ts';
import { loggedView } from './logged/loggedView.ts';
import { Pool } from './sharedParts.ts';
import { describeTask, summarize } from './summary.ts';

/** Facts about a run before its trainer has sent anything. */
export interface ViewedRun {
  readonly id: string;
  readonly name: string;
  readonly config: RunConfig;
  readonly createdAt: string;
  readonly notices: readonly string[];
  /** The run that it was started from. */
  readonly parent: RunParent | null;
}

/** Parts of views that are the same in many runs of a list, and most of its memory. */
const shared = {
  units: new Pool<RunView['units']>(),
  applies: new Pool<RunView['applies']>(),
  model: new Pool<RunView['model']>(),
};

/** The view of a run that has not started, labeled as if it were the only one. */
export function newRunView({ id, name, config, createdAt, notices, parent }: ViewedRun): RunView {
  const task = taskOf(config.task);
  const { units, generated, writes } = task;
  return {
    id,
    name,
    state: 'starting',
    steps: config.training.steps,
    secondsLimit: config.training.seconds,
    truncation: config.training.truncation || config.data.sequenceLength,
    probeEvery: config.probes.every,
    validateEvery: config.training.validateEvery,
    backend: null,
    facts: [],
    text: null,
    batchSize: config.training.batchSize,
    baselines: null,
    units: shared.units.of(spokenUnits(units)),
    applies: shared.applies.of(applicableTo(config)),
    about: generated ? describeTask(task) : null,
    writes,
    parameters: 0,
    ...initialLabel({ id, config, name, createdAt, parent }),
    summary: summarize(config),
    network: { task: { name: config.task.name }, model: config.model },
    model: shared.model.of(describeModel(config)),
    notices: [...notices],
    message: null,
    sampling: { ...drawingOf(config.sampling), prompt: config.sampling.prompt },
  };
}

/** The view of a run as its record describes it, labeled as if it were the only one. */
export function recordedRunView({ folder, record, holder }: ListedRun): RunView {
  const { state } = record;
  const message = storedMessage(state, record.message, holder !== undefined);
  const view = newRunView({ ...record, id: basename(folder), notices: recordedNotices(record).map(say) });
  return {
    ...view,
    ...(record.logged && loggedView(record.logged, view)),
    state: storedState(state, holder !== undefined),
    ...shownFacts(record.config, record),
    notices: view.notices,
    message: message === null ? null : say(message),
  };
}

/** The notices of a record, with the result of a repetition. */
export function recordedNotices({ notices, repetition }: RunRecord): Text[] {
  return [...notices, ...(repetition ? [describeRepetition(repetition)] : [])];
}

/** The facts of a record or an event; generated data is named by the task, which the trainer writes in English. */
export function shownFacts({ task }: Pick<RunConfig, 'task'>, from: RunFacts): RunFacts {
  const { generated, title } = tasks[task.name];
  const facts = runFacts.parse(from);
  return generated ? { ...facts, name: say(title) } : facts;
}

/** Label of a run before it is labeled among all runs. */
function initialLabel(run: Omit<LabeledRun, 'states'>): Pick<RunView, 'label' | 'title'> {
  const { text = '', title = '' } = labelRuns([{ ...run, states: null }]).get(run.id) ?? {};
  return { label: text, title };
}
