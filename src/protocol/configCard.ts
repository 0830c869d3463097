import { basename } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { RunConfig } from '../config/schema.ts';
import { taskOf } from '../config/tasks.ts';
import { say } from '../phrases/phrase.ts';
import { dataNeeds } from './dataNeeds.ts';
import { describeShape, formatRoughTime, type Sample } from './samples.ts';

/** Second and third line of a configuration in the list. */
interface Card {
  /** Shape and duration, such as "many-to-one, about 30 s". */
  readonly description: string;
  /** Task and data, such as "classification of texts · data: names". */
  readonly detail: string;
  /** Whether it can be trained without choosing data. */
  readonly hasData: boolean;
}

/** Describes a configuration in the list of configurations. */
export function describeCard(config: RunConfig, sample: Sample | undefined): Card {
  const { generated, title } = taskOf(config.task);
  const { train } = config.data;
  const hasData = generated || train !== '';
  return {
    description: [describeShape(config), ...(sample ? [formatRoughTime(sample.seconds)] : [])].join(', '),
    detail: `${say(title)} · ${hasData ? describeData(generated, train) : l10n.t('needs {0}', describeNeed(config, sample))}`,
    hasData,
  };
}

/** Names the data that a configuration without data needs, such as "a text". */
export function describeNeed({ task }: Pick<RunConfig, 'task'>, sample: Sample | undefined): string {
  return sample?.needs?.() ?? dataNeeds[task.name]?.describe() ?? '';
}

function describeData(generated: boolean, train: string): string {
  return generated ? l10n.t('generates its data') : l10n.t('data: {0}', basename(train));
}
