import * as z from 'zod';
import { phrase, type Text } from '../../phrases/phrase.ts';
import type { RunRecord } from '../../runs/record.ts';
import { AgentError } from '../agentError.ts';
import type { AgentContext } from '../context.ts';
import { NO_COST } from '../estimate.ts';
import { findRun, isUnbegun } from '../runs.ts';
import { runName } from '../schemas.ts';
import { defineTool } from '../tool.ts';

const input = z.strictObject({ run: runName.describe('Id or name of the run, or id of a sweep.') });

const output = z.object({
  run: z.string(),
  next: z.string().describe('What happens now, and how to continue the run.'),
});

export const stopRun = defineTool({
  name: 'stop_run',
  title: 'Stop Run',
  description:
    'Ends a run in training after its current step, with a checkpoint, or all trials of a sweep. A run that has not begun yet does not begin. A run can be continued with resume_run. Only what these tools have started can be stopped.',
  effect: 'changes',
  cost: 'Nothing.',
  input,
  output,
  async confirm({ run: name }, context) {
    const { id, question, detail, state } = await found(name, context);
    return { question, details: [detail], estimate: NO_COST, subject: JSON.stringify([id, state]) };
  },
  async run({ run: name }, context) {
    const { id, next } = await found(name, context);
    if (await context.trainings.stop(id)) return { run: id, next };
    throw new AgentError(`"${id}" has just ended. See a run with get_run, and the trials of a sweep with list_runs.`);
  },
});

/** Something that can be stopped, and what happens then. */
interface Stoppable {
  readonly id: string;
  /** What the answer of the user depends on. The steps of a run go on while the user reads the question. */
  readonly state: 'sweeping' | 'unbegun' | 'training';
  readonly question: Text;
  readonly detail: Text;
  readonly next: string;
}

/** @throws AgentError for what is not in training, and for what another program or a sweep trains */
async function found(name: string, context: AgentContext): Promise<Stoppable> {
  const { trainings } = context;
  const status = trainings.status(name);
  if (status?.phase === 'sweeping') return sweep(name);
  if (isUnbegun(status)) return unbegun(name);
  const { record, holder } = await findRun(name, context);
  const { id, state, sweep: trial } = record;
  const own = trainings.status(id);
  if (isUnbegun(own)) return unbegun(id);
  if (holder === undefined)
    throw new AgentError(`The run ${id} is not in training: its state is "${state}". See it with get_run.`);
  if (own?.phase === 'training') return inTraining(record);
  if (trial !== null && trainings.status(trial.id)?.phase === 'sweeping')
    throw new AgentError(
      `The run ${id} is a trial of the sweep ${trial.id}, which stops as a whole: stop_run { "run": "${trial.id}" }.`,
    );
  throw new AgentError(`The run ${id} is trained by another program. Ask the user to stop it there.`);
}

function sweep(id: string): Stoppable {
  return {
    id,
    state: 'sweeping',
    question: phrase('Stop the sweep {0}?', id),
    detail: phrase('Its trials in training end with a checkpoint.'),
    next: 'The trials in training end with checkpoints. List them with list_runs.',
  };
}

function unbegun(id: string): Stoppable {
  return {
    id,
    state: 'unbegun',
    question: phrase('Stop the run {0}?', id),
    detail: phrase(
      'Its training has not begun, and does not begin. Nothing of a new run is kept; a resumed one keeps its last checkpoint.',
    ),
    next: 'Its training does not begin. Nothing of a new run is kept. A resumed one keeps its last checkpoint: continue it with resume_run.',
  };
}

function inTraining({ id, steps, progress }: RunRecord): Stoppable {
  return {
    id,
    state: 'training',
    question: phrase('Stop the run {0}?', id),
    detail: phrase('It is at step {0} of {1}, and ends with a checkpoint. It can be resumed.', progress.step, steps),
    next: 'The run ends with a checkpoint. See its state with get_run, and continue it with resume_run.',
  };
}
