import { judgedDirection } from '../../../src/protocol/probes.ts';
import type { Claim } from './judge.ts';
import type { LessonRecord } from './records.ts';

/** Mean squared error of the constant answer 1 in the adding problem. */
const ALWAYS_ONE = 1 / 6;

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
  ...(['gru', 'lstm'] as const).map((gated): Claim => ({
    lesson: 'cells',
    claim: `in equal steps, the ${gated} adds two numbers up to 50 steps apart, and the simple RNN does not`,
    runs: ['rnn', gated],
    holds: (records) => lowest(records[gated]) < ALWAYS_ONE / 2 && lowest(records.rnn) > 0.95 * ALWAYS_ONE,
    figures: (records) => `${lowest(records[gated]).toPrecision(2)} / ${lowest(records.rnn).toPrecision(2)}`,
    share: 0.8,
  })),
  {
    lesson: 'cells',
    claim: 'before training, an LSTM with forget bias 1 passes less over 20 steps than the RNN, and with 3 more',
    runs: ['rnn', 'lstm', 'lstmOpen'],
    holds: ({ rnn, lstm, lstmOpen }) =>
      untrainedAt(lstm, 20) < untrainedAt(rnn, 20) && untrainedAt(rnn, 20) < untrainedAt(lstmOpen, 20),
    figures: ({ rnn, lstm, lstmOpen }) =>
      [lstm, rnn, lstmOpen].map((each) => untrainedAt(each, 20).toPrecision(2)).join(' / '),
    share: 1,
  },
  {
    lesson: 'cells',
    claim: 'on ferry.txt, the lowest validation losses of LSTM and GRU are below that of the RNN',
    runs: ['textRnn', 'textGru', 'textLstm'],
    holds: ({ textRnn, textGru, textLstm }) => Math.max(lowest(textLstm), lowest(textGru)) < lowest(textRnn),
    figures: ({ textRnn, textGru, textLstm }) =>
      [textLstm, textGru, textRnn].map((each) => lowest(each).toFixed(2)).join(' / '),
    share: 0.8,
  },
];

/** Lowest validation loss of a run. */
function lowest(record: LessonRecord | undefined): number {
  return Math.min(...(record?.validations ?? []).map(({ loss }) => loss ?? Infinity));
}

/** Median gradient of the first probe at a lag, relative to lag 0. */
function untrainedAt(record: LessonRecord | undefined, lag: number): number {
  const [first] = record?.probes ?? [];
  return (first && judgedDirection(first).flow.median[lag]) ?? NaN;
}

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
