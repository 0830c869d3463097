import { cells } from '../config/cells.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';
import type { Probe } from '../protocol/probes.ts';
import { readLoggedGates } from '../runs/logged/loggedGates.ts';
import type { TextReading } from '../training/trainingTask.ts';
import type { TextWriter } from '../training/textWriter.ts';
import { Inspector, type Inspected, type LoggedReading } from './inspector/inspector.ts';
import { idleQuestions } from './inspector/questions.ts';

const WITHOUT_WEIGHTS = phrase(
  'Another program trains and logs this run, so it has no weights here. What the program has logged is in its curves, probes and gates.',
);

/** A run that another program trains and logs: it answers with what was logged, and has no model. */
export class LoggedRun implements Inspected {
  readonly inspector = new Inspector(this, idleQuestions().ask);
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  readonly step = 0;
  readonly stopping = false;

  writer(): TextWriter {
    throw new PhrasedError(WITHOUT_WEIGHTS);
  }

  reading(): TextReading {
    throw new PhrasedError(WITHOUT_WEIGHTS);
  }

  async probe(): Promise<Probe> {
    return Promise.reject(new PhrasedError(WITHOUT_WEIGHTS));
  }

  /** The gates of the last probe, read again each time: the program may have logged another one. */
  async logged(): Promise<LoggedReading> {
    const { step, tokens, surprisal, layers } = await readLoggedGates(this.#folder);
    return {
      step,
      tokens,
      surprisal: surprisal ?? tokens.map(() => null),
      activations: layers.map(({ layer, direction, cell, units, outputs }) => ({
        layer,
        direction,
        cell: { units, kind: cells[cell] },
        timeSteps: tokens.length,
        outputs,
      })),
    };
  }

  dispose(): void {
    this.inspector.dispose();
  }
}
