import { basename } from 'node:path';
import { disk } from '../platform/files.ts';
import { BUNDLED, nativeBackends } from '../protocol/nativeBackends.ts';
import { candidates } from '../runs/candidates.ts';
import { runsFolder } from '../runs/home.ts';
import { type IndexedRun, RunIndex } from '../runs/runIndex.ts';
import { listSweeps } from '../sweeps/sweepStore.ts';
import { AgentError } from './agentError.ts';
import type { AgentContext, AgentLab, TrainingStatus } from './context.ts';

/** The runs of the run store, newest first, and the folders that cannot be read. */
export async function storedRuns(lab: Pick<AgentLab, 'home'>): Promise<Listed> {
  return runIndex(lab).list();
}

/** The index of the run store. A caller that lists the runs again and again keeps it: then it reads what has changed. */
export function runIndex({ home }: Pick<AgentLab, 'home'>): RunIndex {
  return new RunIndex(runsFolder(home));
}

type Listed = Awaited<ReturnType<RunIndex['list']>>;

/** What runs without a record do, by the phase, and when to ask again. */
const UNBEGUN: Readonly<Partial<Record<TrainingStatus['phase'], string>>> = {
  preparing: 'still reads its data. Call this tool again in a few seconds.',
  waiting:
    'waits until other runs have ended, and has not begun. That may take as long as they train: follow them with get_run, or ask the user to start it before them.',
};

/** Whether nothing of a run is trained yet: no record and no lock say that it is busy. */
export function isUnbegun(status: TrainingStatus | undefined): boolean {
  return status !== undefined && status.phase in UNBEGUN;
}

/**
 * What a confirmation of a change of a run is bound to: how far the run is and, while it trains, only that it does,
 * because its steps go on while the user reads the question.
 */
export function stateOf({ record: { id, state, progress }, holder }: IndexedRun): readonly unknown[] {
  return holder === undefined ? [id, state, progress.step, progress.seconds] : [id, 'training'];
}

/** Number of runs that a message lists. */
const LISTED = 5;

/**
 * A run of the run store by its id, the beginning of its id, or its name. Paths are not taken: a run that is not in the
 * store may be a forged one.
 * @throws AgentError that lists runs to choose from
 */
export async function findRun(name: string, context: Finding, index = runIndex(context)): Promise<IndexedRun> {
  return chosenRun(await index.list(), name, context);
}

/** Several runs, as `findRun`. */
export async function findRuns(names: readonly string[], context: Finding): Promise<IndexedRun[]> {
  const listed = await storedRuns(context);
  return Promise.all(names.map(async (name) => chosenRun(listed, name, context)));
}

type Finding = Pick<AgentContext, 'home' | 'trainings'>;

async function chosenRun({ runs, unreadable }: Listed, name: string, context: Finding): Promise<IndexedRun> {
  const byId = new Map(runs.map((run) => [basename(run.folder), run]));
  const found = candidates([...byId.keys()], name, (id) => byId.get(id)?.annotations.name ?? null);
  const run = found.length === 1 ? byId.get(found[0] ?? '') : undefined;
  if (run) return run;
  if (found.length > 1)
    throw new AgentError(
      `"${name}" means ${found.length} runs, such as ${listed(found)}. Give the whole id of one of them.`,
    );
  const status = context.trainings.status(name);
  const unbegun = status && UNBEGUN[status.phase];
  if (unbegun !== undefined) throw new AgentError(`The run ${name} ${unbegun}`);
  if (status?.message !== undefined) throw new AgentError(`The run ${name} could not be started. ${status.message}`);
  const damaged = unreadable.find(({ folder }) => basename(folder) === name);
  if (damaged) throw new AgentError(damaged.reason);
  if ((await listSweeps(context.home, disk)).some(({ id }) => id === name))
    throw new AgentError(
      `"${name}" is a sweep, not a run. List its trials with list_runs and the filter: sweep = "${name}"`,
    );
  const some = byId.size === 0 ? 'The run store has no runs' : `The newest runs are ${listed([...byId.keys()])}`;
  throw new AgentError(`There is no run "${name}". ${some}. Find the id with list_runs.`);
}

/**
 * A run whose model is to be loaded.
 * @throws AgentError as `findRun`, and for a model on native code in an untrusted workspace
 */
export async function findModel(name: string, context: AgentContext): Promise<IndexedRun> {
  const run = await findRun(name, context);
  const native = nativeBackends.get(run.record.backend.name);
  if (context.isTrusted || native === undefined) return run;
  throw new AgentError(
    `The run ${run.record.id} was trained on ${native}, which is not loaded in an untrusted workspace. Ask the user to trust the workspace, or choose a run on "${BUNDLED}".`,
  );
}

function listed(ids: readonly string[]): string {
  return ids.slice(0, LISTED).join(', ');
}
