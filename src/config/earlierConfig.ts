/**
 * Values of fields in the record of a run of an earlier version, which had no such field and did what they say: a run
 * that is resumed or repeated reads its data as it did at the start.
 */
const EARLIER: readonly {
  readonly part: string;
  readonly field: string;
  readonly value: string;
  readonly task?: string;
}[] = [
  { part: 'task', field: 'wordRules', value: 'english', task: 'classification' },
  { part: 'data', field: 'split', value: 'random' },
  { part: 'task', field: 'inputs', value: '*', task: 'forecasting' },
  { part: 'task', field: 'timeColumn', value: 'none', task: 'forecasting' },
  { part: 'task', field: 'transform', value: 'none', task: 'forecasting' },
];

/** Adds the values of fields that the version of a recorded configuration did not have. */
export function withEarlierFields(config: unknown): unknown {
  if (!isObject(config)) return config;
  const result = { ...config };
  for (const { part, field, value, task } of EARLIER) {
    const fields = result[part];
    if (!isObject(fields) || Object.hasOwn(fields, field) || (task !== undefined && fields['name'] !== task)) continue;
    result[part] = { ...fields, [field]: value };
  }
  return result;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
