import { fieldValues } from '../fieldValues.ts';
import type { StoredRun } from '../storedRun.ts';
import { type Cell, type ColumnType, type Table, TableBuilder } from '../table.ts';

/** Results and facts of a run, in front of the fields of its configuration. */
const FACTS: Readonly<Record<string, { readonly type: ColumnType; readonly of: (run: StoredRun['record']) => Cell }>> =
  {
    run: { type: 'text', of: ({ id }) => id },
    name: { type: 'text', of: ({ name }) => name },
    state: { type: 'text', of: ({ state }) => state },
    started: { type: 'text', of: ({ createdAt }) => createdAt },
    bestLoss: { type: 'number', of: ({ progress }) => progress.best?.loss ?? null },
    bestStep: { type: 'integer', of: ({ progress }) => progress.best?.step ?? null },
    keptLoss: { type: 'number', of: ({ progress }) => progress.kept?.loss ?? null },
    keptStep: { type: 'integer', of: ({ progress }) => progress.kept?.step ?? null },
    validationLoss: { type: 'number', of: ({ progress }) => progress.validationLoss },
    trainLoss: { type: 'number', of: ({ progress }) => progress.trainLoss },
    finding: { type: 'text', of: ({ progress }) => progress.learning?.findings[0]?.verdict ?? null },
    step: { type: 'integer', of: ({ progress }) => progress.step },
    seconds: { type: 'number', of: ({ progress }) => progress.seconds },
    parameters: { type: 'integer', of: ({ parameters }) => parameters },
    usedBackend: { type: 'text', of: ({ backend }) => backend.name },
    comparison: { type: 'text', of: ({ comparison }) => comparison },
    parent: { type: 'text', of: ({ parent }) => parent?.run ?? null },
    sweep: { type: 'text', of: ({ sweep }) => sweep?.id ?? null },
    trial: { type: 'integer', of: ({ sweep }) => sweep?.trial ?? null },
    dataSha256: { type: 'text', of: ({ source }) => source?.sha256 ?? null },
  };

const COLUMN_TYPES = { string: 'text', number: 'number', boolean: 'flag' } as const;

/** One row per run: its results, and every field of its configuration under its path. */
export function runsTable(runs: readonly StoredRun[]): Table {
  const configs = runs.map(({ record }) => fieldValues(record.config));
  const types = fieldTypes(configs);
  const table = new TableBuilder(Object.keys(FACTS), (name) => FACTS[name]?.type ?? types.get(name) ?? 'text');
  runs.forEach(({ record }, i) => {
    const facts = Object.entries(FACTS).map(([name, { of }]) => [name, of(record)]);
    const fields = [...(configs[i] ?? [])].map(([path, value]) => [
      path,
      types.get(path) === 'text' ? String(value) : value,
    ]);
    table.add(Object.fromEntries([...facts, ...fields]) as Record<string, Cell>);
  });
  return table.finish();
}

/** Type of the column of each field: text for a field whose type differs among the tasks of the runs. */
function fieldTypes(configs: readonly ReadonlyMap<string, string | number | boolean>[]): Map<string, ColumnType> {
  const types = new Map<string, ColumnType>();
  for (const config of configs) {
    for (const [path, value] of config) {
      const type = COLUMN_TYPES[typeof value as keyof typeof COLUMN_TYPES];
      types.set(path, (types.get(path) ?? type) === type ? type : 'text');
    }
  }
  return types;
}
