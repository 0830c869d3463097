import { basename } from 'node:path';
import { taggerStates } from '../config/modelKind.ts';
import { labelRuns } from '../config/runLabel.ts';
import type { RunParent, SweepTrial } from '../config/runParent.ts';
import type { RunConfig } from '../config/schema.ts';
import type { Text } from '../phrases/phrase.ts';
import type { AnnotatedRun } from '../protocol/annotations.ts';
import type { RunFacts } from '../protocol/events.ts';
import { type RecordedState, storedMessage, storedState } from '../protocol/storedState.ts';
import type { CatalogRun, DescribedRun } from './row.ts';

/** A run as it is stored: its folder, its record, and the pid of the process that trains it, if any. */
export interface StoredRun {
  readonly folder: string;
  readonly record: Pick<RunFacts, 'name' | 'baselines' | 'backend' | 'parameters' | 'batchSize'> &
    Pick<CatalogRun, 'createdAt' | 'comparison' | 'progress'> & {
      readonly state: RecordedState;
      readonly message: Text | null;
      readonly config: RunConfig;
      readonly logged?: object | undefined;
      readonly parent: RunParent | null;
      readonly sweep: SweepTrial | null;
    };
  readonly holder: number | undefined;
}

/** Facts and results of a stored run. Its id is the name of its folder, which may be a copy. */
export function catalogRun({ folder, record, holder }: StoredRun): CatalogRun {
  const {
    name,
    state,
    message,
    config,
    createdAt,
    comparison,
    parent,
    sweep,
    backend,
    parameters,
    batchSize,
    progress,
  } = record;
  return {
    id: basename(folder),
    folder,
    data: name,
    state: storedState(state, holder !== undefined),
    message: storedMessage(state, message, holder !== undefined),
    config,
    isLogged: record.logged !== undefined,
    createdAt,
    comparison,
    parent,
    sweep,
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

/** Labels stored runs among each other. */
export function describeStored(runs: readonly (StoredRun & { readonly annotations: AnnotatedRun })[]): DescribedRun[] {
  return describeRuns(runs.map((run) => ({ ...catalogRun(run), annotations: run.annotations })));
}
