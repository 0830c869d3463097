/**
 * Fields of a forecasting task that mean what runs of version 0.1 did: all columns of numbers are inputs, rows are taken
 * in the order of the file, and values are only standardized.
 */
const FORECASTING = { inputs: '*', timeColumn: 'none', transform: 'none' } as const;

/** Adds to the stored configuration of a run of an earlier version the fields whose defaults mean something else now. */
export function withOlderDefaults(config: unknown): unknown {
  if (!isObject(config) || !isObject(config['task'])) return config;
  const task = config['task'];
  const isOlder = task['name'] === 'forecasting' && task['transform'] === undefined;
  return isOlder ? { ...config, task: { ...FORECASTING, ...task } } : config;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
