/** A line more than this tells nothing new about a death. */
const KEPT_CHARACTERS = 4000;
const KEPT_LINES = 6;

/** The end of what a process wrote to standard error: what it says before it dies. */
export class LastWords {
  #text = '';

  add(text: string): void {
    this.#text = (this.#text + text).slice(-KEPT_CHARACTERS);
  }

  /** How the process ended, with what it said last. */
  explain(ending: string): string {
    const lines = this.#text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('at '));
    if (lines.length === 0) return `${ending}.`;
    return `${ending}. It said last: ${lines.slice(-KEPT_LINES).join(' | ')}`;
  }
}
