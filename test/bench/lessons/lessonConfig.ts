import { readFile } from 'node:fs/promises';
import { parseRunConfig, setField } from '../../../src/config/parse.ts';
import type { RunConfig } from '../../../src/config/schema.ts';
import { type LessonId, lessons } from '../../../src/protocol/lessons/lessons.ts';

/**
 * Configuration of a lesson's run, as the extension trains it: the sample, then the changes, then those of the run
 * itself.
 * @param changes fields to change, by their dotted paths
 */
export async function lessonConfig(
  lesson: LessonId,
  key: string,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<RunConfig> {
  const run = lessons[lesson].runs?.find((each) => each.key === key);
  if (!run) throw new RangeError(`The lesson "${lesson}" has no run "${key}".`);
  const path = new URL(`../../../media/samples/${run.sample}.sequence-lab.json`, import.meta.url);
  const sample: object = parseRunConfig(JSON.parse(await readFile(path, 'utf8')));
  return parseRunConfig(
    Object.entries({ ...changes, ...run.changes }).reduce(
      (config, [field, value]) => setField(config, field, value),
      sample,
    ),
  );
}
