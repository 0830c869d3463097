import { effectiveFields } from '../config/applicability.ts';
import { getField } from '../config/parse.ts';
import { READING_FIELDS } from '../config/reading.ts';
import { taskOf, tasks } from '../config/tasks.ts';
import { say } from '../phrases/phrase.ts';
import type { RunRecord } from '../runs/record.ts';

/** Fields that say which part of the data a validation scores. */
const SPLIT: ReadonlySet<string> = new Set([
  'data.validationShare',
  'data.validationLimit',
  'data.split',
  ...READING_FIELDS.map((name) => `data.${name}`),
]);

/** Fields of a task that change the model or what it reads, but not what a validation scores. */
const OF_THE_MODEL: ReadonlySet<string> = new Set(
  'beam classWeights wordDropout wordVectors wordRules lowerCase stripAccents maximumLength'
    .split(' ')
    .map((name) => `task.${name}`),
);

/** Fields that decide on the tokens. Their losses are of the tokens, except in tasks whose losses are of labels. */
const OF_THE_TOKENS: ReadonlySet<string> = new Set(['task.tokens', 'task.minimumCount', 'task.maximumVocabulary']);
const LABELED: ReadonlySet<string> = new Set(['classification', 'tagging']);

/** Unit of the losses of a run. */
export function unitOf({ config, logged }: Pick<RunRecord, 'config' | 'logged'>): string {
  return logged?.unit ?? say(taskOf(config.task).units.loss);
}

/** What the validation losses of a run are of: the unit, the hashes of the data, and the fields that decide on them. */
function scoredFacts({ config, source, name, logged }: RunRecord): Map<string, string> {
  const { generated } = tasks[config.task.name];
  const isScored = (path: string) => {
    if (SPLIT.has(path)) return true;
    if (path === 'data.sequenceLength') return generated;
    if (!path.startsWith('task.') || OF_THE_MODEL.has(path)) return false;
    return !(OF_THE_TOKENS.has(path) && LABELED.has(config.task.name));
  };
  const hashes = (source?.files ?? []).filter(({ role }) => role !== 'wordVectors');
  const files = hashes.map(({ role, sha256 }) => `${role} ${sha256}`).sort();
  const fields = [...effectiveFields(config)].filter(isScored);
  return new Map([
    ['unit', unitOf({ config, logged })],
    ['data', files.length > 0 ? files.join(' ') : (source?.sha256 ?? (generated ? '' : name))],
    ...fields.map((path) => [path, JSON.stringify(getField(config, path))] as const),
  ]);
}

/** What keeps the validation losses of runs from being compared, such as `data` or `data.validationShare`. */
export function scoredApart(records: readonly RunRecord[]): string[] {
  const facts = records.map(scoredFacts);
  const keys = [...new Set(facts.flatMap((each) => [...each.keys()]))];
  return keys.filter((key) => new Set(facts.map((each) => each.get(key))).size > 1);
}
