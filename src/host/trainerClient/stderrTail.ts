import { phrase, type Text } from '../../phrases/phrase.ts';

/** Limits of the stored standard error. */
const KEPT_CHARACTERS = 4000;
const KEPT_LINES = 6;
/** Lines that do not explain a failure: stack frames, and remarks of TensorFlow at its start. */
const IRRELEVANT = /^(at |I\d{4} |WARNING: All log messages before absl::)/;
/** What Node.js, V8 and native libraries write when a thread or a process has no memory left. */
const NO_MEMORY =
  /ERR_WORKER_OUT_OF_MEMORY|(heap|process) out of memory|std::bad_alloc|(can ?not|could not) allocate memory/i;

/** The last lines that a process wrote to standard error. */
export class StderrTail {
  #text = '';

  add(text: string): void {
    this.#text = (this.#text + text).slice(-KEPT_CHARACTERS);
  }

  /** Adds the last lines of the output to a sentence on how the process ended. */
  explain(ending: Text): Text {
    if (NO_MEMORY.test(this.#text))
      return phrase('{0} Its memory is used up: make the data, the model, the batch or the sequences smaller.', ending);
    const lines = this.#text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !IRRELEVANT.test(line));
    return lines.length === 0 ? ending : phrase('{0} Last output: {1}', ending, lines.slice(-KEPT_LINES).join(' | '));
  }
}
