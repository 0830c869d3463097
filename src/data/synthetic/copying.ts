import { emptyBatch, type StepwiseTask } from './stepwiseTask.ts';

/** Number of letters to remember. */
const COPIED_LETTERS = 10;
const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
const BLANK = '-';
const BLANK_ID = 0;
const MARK_ID = 1 + LETTERS.length;

/**
 * Copying problem (Arjovsky et al. 2016): ten random letters, blanks, a mark, and blanks during which the model must
 * output the letters. Every step counts; before that, the target is a blank.
 */
export const copying: StepwiseTask = {
  inputSymbols: [BLANK, ...LETTERS, '|'],
  outputSymbols: [BLANK, ...LETTERS],
  minTimeSteps: 2 * COPIED_LETTERS + 1,
  guessLoss: (timeSteps) => (COPIED_LETTERS * Math.log(LETTERS.length)) / timeSteps,
  generate(timeSteps, batch, generator) {
    const sequences = emptyBatch(copying, timeSteps, batch);
    sequences.inputs.fill(BLANK_ID);
    sequences.targets.fill(BLANK_ID);
    sequences.weights.fill(1);
    const writing = timeSteps - COPIED_LETTERS;
    for (let sequence = 0; sequence < batch; sequence++) {
      sequences.inputs[(writing - 1) * batch + sequence] = MARK_ID;
      for (let at = 0; at < COPIED_LETTERS; at++) {
        const letter = 1 + generator.nextBelow(LETTERS.length);
        sequences.inputs[at * batch + sequence] = letter;
        sequences.targets[(writing + at) * batch + sequence] = letter;
      }
    }
    return sequences;
  },
};
