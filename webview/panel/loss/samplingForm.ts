import { button, h, setText } from '../../dom.ts';
import type { RunView } from '../../../src/protocol/panel.ts';
import { LatestOnly } from '../../latestOnly.ts';
import { canSample } from '../describeRun.ts';

export interface Sampling {
  readonly temperature: number;
  readonly prompt: string;
}

/** The slider's end; the number beside it takes what the trainer takes. */
const SLIDER_MAX = 2;
const MAX = 10;
const STEP = 0.05;
const PROMPT_LENGTH = 10_000;

/**
 * Temperature and prompt of the samples. A change of temperature writes a sample at once; so do the button and Enter.
 */
export class SamplingForm {
  readonly element: HTMLFormElement;
  readonly #slider = h('input', { type: 'range', id: 'temperature', min: 0, max: SLIDER_MAX, step: STEP });
  readonly #number = h('input', {
    type: 'number',
    min: 0,
    max: MAX,
    step: STEP,
    required: true,
    'aria-label': 'Temperature as a number',
  });
  readonly #prompt = h('input', {
    type: 'text',
    id: 'prompt',
    maxlength: PROMPT_LENGTH,
    placeholder: 'Text to continue, may be empty',
    spellcheck: 'false',
    autocomplete: 'off',
  });
  readonly #fields: HTMLFieldSetElement;
  readonly #reason = h('p', { class: 'reason', id: 'sampling-reason' });
  readonly #requests: LatestOnly<Sampling>;
  readonly #edited: (sampling: Sampling) => void;

  /**
   * `edited` hears every change of a field, `write` asks for a sample and has dealt with a failure when it resolves.
   */
  constructor(edited: (sampling: Sampling) => void, write: (sampling: Sampling) => Promise<void>) {
    this.#edited = edited;
    this.#requests = new LatestOnly(write, (a, b) => a.temperature === b.temperature && a.prompt === b.prompt);
    const writeButton = button(
      'Write sample',
      { class: 'primary', 'aria-describedby': 'sampling-reason' },
      () => undefined,
    );
    writeButton.type = 'submit';
    this.#fields = h(
      'fieldset',
      { 'aria-describedby': 'sampling-reason' },
      h('legend', { class: 'unseen' }, 'Sampling'),
      h('label', { for: 'temperature' }, 'Temperature'),
      h('span', { class: 'temperature' }, this.#slider, this.#number),
      h('label', { for: 'prompt' }, 'Prompt'),
      this.#prompt,
      writeButton,
    );
    this.element = h('form', { class: 'sampling' }, this.#fields, this.#reason);
    this.#listen();
  }

  /** Fills the fields. */
  fill({ temperature, prompt }: Sampling): void {
    this.#slider.value = String(temperature);
    this.#number.value = String(temperature);
    this.#prompt.value = prompt;
  }

  /** Only a run that a trainer holds can write; otherwise the form says why it does not. */
  show({ state }: RunView): void {
    const possible = canSample(state);
    this.#fields.disabled = !possible;
    const waiting =
      state === 'starting'
        ? 'Samples can be written once the run has started.'
        : 'Samples can be written while the run trains or is paused.';
    setText(this.#reason, possible ? '' : waiting);
  }

  #listen(): void {
    this.#slider.addEventListener('input', () => {
      this.#number.value = this.#slider.value;
      this.#edited(this.#sampling());
    });
    this.#number.addEventListener('input', () => {
      this.#slider.value = this.#number.value;
      if (this.#number.validity.valid) this.#edited(this.#sampling());
    });
    this.#prompt.addEventListener('input', () => this.#edited(this.#sampling()));
    for (const field of [this.#slider, this.#number]) field.addEventListener('change', () => this.#write());
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#write();
    });
  }

  #write(): void {
    if (this.element.reportValidity()) this.#requests.request(this.#sampling());
  }

  #sampling(): Sampling {
    const typed = this.#number;
    const temperature = typed.validity.valid ? typed.valueAsNumber : this.#slider.valueAsNumber;
    return { temperature, prompt: this.#prompt.value };
  }
}
