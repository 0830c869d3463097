import { basename } from 'node:path';
import { taggerStates } from '../config/modelKind.ts';
import { labelRuns } from '../config/runLabel.ts';
import type { RunParent } from '../config/runParent.ts';
import type { RunConfig } from '../config/schema.ts';
import type { AnnotatedRun } from '../protocol/annotations.ts';
import type { RunFacts } from '../protocol/events.ts';
import type { RunState } from '../protocol/panel.ts';
import type { CatalogRun, DescribedRun } from './row.ts';

/** The states that a record can have. */
type RecordedState = Exclude<RunState, 'starting' | 'paused'>;

/** A run as it is stored: its folder, its record, and the pid of the process that trains it, if any. */
export interface StoredRun {
  readonly folder: string;
  readonly record: Pick<RunFacts, 'name' | 'baselines' | 'backend' | 'parameters' | 'batchSize'> &
    Pick<CatalogRun, 'createdAt' | 'comparison' | 'progress'> & {
      readonly state: RecordedState;
      readonly config: RunConfig;
      readonly parent: RunParent | null;
    };
  readonly holder: number | undefined;
}

/**
 * State of a stored run. A run in training whose process has ended was interrupted; an interrupted one whose process is
 * still alive is about to end.
 */
export function storedState(recorded: RecordedState, isHeld: boolean): RunState {
  if (recorded === 'running' || recorded === 'interrupted') return isHeld ? 'running' : 'interrupted';
  return recorded;
}

/** Facts and results of a stored run. Its id is the name of its folder, which may be a copy. */
export function catalogRun({ folder, record, holder }: StoredRun): CatalogRun {
  const { name, state, config, createdAt, comparison, parent, backend, parameters, batchSize, progress } = record;
  return {
    id: basename(folder),
    folder,
    data: name,
    state: storedState(state, holder !== undefined),
    config,
    createdAt,
    comparison,
    parent,
    backend: backend.name,
    parameters,
    batchSize,
    states: taggerStates(config, record.baselines),
    progress,
  };
}

/** Labels runs among each other. */
export function describeRuns(runs: readonly (CatalogRun & { readonly annotations: AnnotatedRun })[]): DescribedRun[] {
  const labels = labelRuns(runs.map((run) => ({ ...run, name: run.data })));
  return runs.map((run) => {
    const { title = '', difference = '', setup = '' } = labels.get(run.id) ?? {};
    return { ...run, title, difference, setup };
  });
}
