import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { say } from '../phrases/phrase.ts';
import { UnusableError } from '../phrases/causes.ts';
import { importRun } from '../worker/portable/importRun.ts';
import { backendOptions, prepareNativeEnvironment } from './environment.ts';

/** Flags of `import`, as parsed by commander. */
export interface ImportFlags {
  readonly vocabulary?: string;
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
      labels: flags.labels === undefined ? undefined : labelsOf(flags.labels),
      choices: {
        recurrent: flags.recurrent,
        output: flags.output,
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

/** Labels separated by commas, or those in the lines of a file that is named after an "@". */
function labelsOf(list: string): string[] {
  if (!list.startsWith('@')) return list.split(',').map((label) => label.trim());
  try {
    return readFileSync(list.slice(1), 'utf8').trim().split(/\r?\n/);
  } catch {
    throw new UnusableError(`--labels: "${list.slice(1)}" cannot be read.`);
  }
}
