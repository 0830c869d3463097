/** A line more than this tells nothing new about a death. */
const KEPT_CHARACTERS = 4000;
const KEPT_LINES = 6;
/** Lines that explain no death: places in code, and what TensorFlow remarks when it starts. */
const BESIDE_THE_POINT = /^(at |I\d{4} |WARNING: All log messages before absl::)/;

/** The end of what a process wrote to standard error: what it says before it dies. */
export class LastWords {
  #text = '';

  add(text: string): void {
    this.#text = (this.#text + text).slice(-KEPT_CHARACTERS);
  }

  /** How the process ended, with what it said last. */
  explain(ending: string): string {
    const lines = this.#text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !BESIDE_THE_POINT.test(line));
    if (lines.length === 0) return `${ending}.`;
    return `${ending}. It said last: ${lines.slice(-KEPT_LINES).join(' | ')}`;
  }
}
