import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ImportedKind } from '../config/recognitionChoices.ts';
import { say } from '../phrases/phrase.ts';
import { UnusableError } from '../phrases/causes.ts';
import { importRun } from '../worker/portable/importRun.ts';
import { backendOptions, prepareNativeEnvironment } from './environment.ts';

/** Flags of `import`, as parsed by commander. */
export interface ImportFlags {
  readonly vocabulary?: string;
  readonly targetVocabulary?: string;
  readonly kind?: ImportedKind;
  readonly columns?: string;
  readonly targets?: string;
  readonly window?: number;
  readonly labels?: string;
  readonly recurrent?: string;
  readonly output?: string;
  readonly activation?: 'tanh' | 'relu';
  readonly pooling?: 'last' | 'mean' | 'max';
  readonly out?: string;
  readonly json: boolean;
}

/** `sequence-lab import FILE`: prints what was recognized, and the folder of the run. */
export async function importModel(file: string, flags: ImportFlags): Promise<void> {
  prepareNativeEnvironment(0);
  const { folder, record, found } = await importRun(
    {
      file: resolve(file),
      vocabulary: flags.vocabulary === undefined ? undefined : resolve(flags.vocabulary),
      targetVocabulary: flags.targetVocabulary === undefined ? undefined : resolve(flags.targetVocabulary),
      labels: flags.labels === undefined ? undefined : namesOf(flags.labels, '--labels'),
      columns: flags.columns === undefined ? undefined : namesOf(flags.columns, '--columns'),
      targets: flags.targets === undefined ? undefined : namesOf(flags.targets, '--targets'),
      window: flags.window,
      choices: {
        recurrent: flags.recurrent,
        output: flags.output,
        kind: flags.kind,
        activation: flags.activation,
        pooling: flags.pooling,
      },
      out: flags.out === undefined ? undefined : resolve(flags.out),
      backends: backendOptions(),
    },
    new Date(),
  );
  const sentences = found.map(say);
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ id: record.id, folder, task: record.config.task.name, found: sentences })}\n`
      : `${[...sentences, folder].join('\n')}\n`,
  );
}

/** Names separated by commas, or those in the lines of a file that is named after an "@". */
function namesOf(list: string, option: string): string[] {
  if (!list.startsWith('@')) return list.split(',').map((label) => label.trim());
  try {
    return readFileSync(list.slice(1), 'utf8').trim().split(/\r?\n/);
  } catch {
    throw new UnusableError(`${option}: "${list.slice(1)}" cannot be read.`);
  }
}
