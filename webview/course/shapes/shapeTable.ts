import * as l10n from '@vscode/l10n';
import type { TaskName } from '../../../src/config/task.ts';
import type { UnrolledNetwork } from '../network/unrolledNetwork.ts';
import { subscript } from '../parts/subscript.ts';

/** One arrangement of inputs and outputs, with the run that shows it. */
export interface Shape {
  /** Key of the run in the table of lessons. */
  readonly key: string;
  readonly title: () => string;
  readonly task: TaskName;
  /** What the network of the sample reads and writes. */
  readonly about: () => string;
  readonly network: UnrolledNetwork;
}

/** `x` or `y` with the numbers of their steps; a step without one has an empty name. */
function numbered(letter: string, steps: readonly (number | null)[]): string[] {
  return steps.map((step) => (step === null ? '' : `${letter}${subscript(step)}`));
}

const none = [null, null, null, null];
const layer = { layers: ['RNN'], recurrence: 'hidden' } as const;

export const shapes: readonly Shape[] = [
  {
    key: 'oneToMany',
    title: () => l10n.t('One-to-many'),
    task: 'conditioned-generation',
    about: () =>
      l10n.t(
        'The network reads one input, a language, and writes a surname letter by letter. Each letter that it writes is the input of its next step.',
      ),
    network: { ...layer, inputs: ['x', ...none.slice(1).map(() => '')], outputs: numbered('y', [1, 2, 3, 4]) },
  },
  {
    key: 'manyToOne',
    title: () => l10n.t('Many-to-one'),
    task: 'classification',
    about: () => l10n.t('The network reads a surname letter by letter and answers once: with its language.'),
    network: { ...layer, inputs: numbered('x', [1, 2, 3, 4]), outputs: [...none.slice(1).map(() => ''), 'y'] },
  },
  {
    key: 'direct',
    title: () => l10n.t('Many-to-many, direct'),
    task: 'tagging',
    about: () => l10n.t('The network reads a sentence and answers at every word: with its part of speech.'),
    network: { ...layer, inputs: numbered('x', [1, 2, 3, 4]), outputs: numbered('y', [1, 2, 3, 4]) },
  },
  {
    key: 'delayed',
    title: () => l10n.t('Many-to-many, delayed'),
    task: 'dates',
    about: () =>
      l10n.t(
        'An encoder reads a whole date in an everyday format before a decoder writes it as YYYY-MM-DD. Inputs and outputs differ in length.',
      ),
    network: {
      ...layer,
      inputs: numbered('x', [1, 2, 3, null, null, null]),
      outputs: numbered('y', [null, null, null, 1, 2, 3]),
    },
  },
];
