import type { Claim } from './judge.ts';
import type { LessonRecord } from './records.ts';

/** Changes to runs of which only the validations count. */
const plain = { 'probes.every': 0, 'training.checkpointEvery': 3000 };

/** What the lessons claim, asserted on their own runs. */
export const claims: readonly Claim[] = [
  {
    lesson: 'clipping',
    claim: 'with the gradient clipped at norm 1, the network learns temporal order',
    runs: ['clipped'],
    changes: { ...plain, 'training.steps': 1500 },
    holds: ({ clipped }) => clipped?.solvedAt != null,
    figures: ({ clipped }) => solved(clipped),
    share: 0.8,
  },
  {
    lesson: 'clipping',
    claim: 'without clipping, it does not',
    runs: ['notClipped'],
    changes: { ...plain, 'training.steps': 1500 },
    holds: ({ notClipped }) => notClipped?.solvedAt === null,
    figures: ({ notClipped }) => solved(notClipped),
    share: 0.8,
  },
  {
    lesson: 'construction',
    claim:
      'a tanh network with gain 1 learns to recall a letter 30 steps back; one with gain 0.8, whose gradient vanishes, does not',
    runs: ['chosen', 'one'],
    changes: { 'model.units': 50, 'model.recurrentGain': 0.8, 'task.distance': 30, 'data.sequenceLength': 31 },
    holds: ({ chosen, one }) =>
      chosen?.probes[0]?.flow[0]?.verdict === 'vanishing' &&
      chosen.solvedAt === null &&
      one?.probes[0]?.flow[0]?.verdict !== 'vanishing' &&
      one?.solvedAt != null,
    figures: ({ chosen, one }) => `${solved(one)} / ${solved(chosen)}`,
    share: 0.8,
  },
  {
    lesson: 'truncation',
    claim:
      'a letter 60 steps back is recalled if back-propagation is not cut, and in less than half of the sequences if it is cut after 20 steps',
    runs: ['uncut', 'cut'],
    holds: ({ uncut, cut }) => uncut?.solvedAt != null && cut?.solvedAt === null && accuracyOf(cut) < 0.5,
    figures: ({ uncut, cut }) => `${solved(uncut)} / accuracy ${accuracyOf(cut).toFixed(2)}`,
    share: 0.8,
  },
  {
    lesson: 'recurrence',
    claim: 'with the output fed back, temporal order takes at least five times as many steps as with the hidden state',
    runs: ['hidden', 'output'],
    changes: plain,
    holds: ({ hidden, output }) =>
      hidden?.solvedAt != null && output !== undefined && (output.solvedAt ?? output.steps) >= 5 * hidden.solvedAt,
    figures: ({ hidden, output }) => `${solved(hidden)} / ${solved(output)}`,
    share: 1,
  },
];

/** Accuracy of the last validation. */
function accuracyOf(record: LessonRecord | undefined): number {
  return record?.validations.at(-1)?.scores?.['accuracy'] ?? NaN;
}

/** After how many steps a run has solved its task. */
function solved(record: LessonRecord | undefined): string {
  if (!record) return 'none';
  const { reason, solvedAt, steps } = record;
  if (solvedAt !== null) return `solved at ${solvedAt}`;
  return reason === 'diverged' ? `diverged at ${steps}` : `not in ${steps}`;
}
