import * as l10n from '@vscode/l10n';
import { button, h, setText } from '../../dom.ts';
import type { RunView } from '../../../src/protocol/panel.ts';
import { LatestOnly } from '../../latestOnly.ts';
import { canSample } from '../describeRun.ts';
import { helpOn } from '../../help.ts';

export interface Sampling {
  readonly temperature: number;
  readonly prompt: string;
}

/** Largest temperature of the slider, and of the number field and the trainer. */
const SLIDER_MAX = 2;
const MAX_TEMPERATURE = 10;
const STEP = 0.05;
const PROMPT_LENGTH = 10_000;

/** Form for temperature and prompt of the samples. The button, Enter and each new temperature generate a sample. */
export class SamplingForm {
  readonly element: HTMLFormElement;
  readonly #slider = h('input', { type: 'range', id: 'temperature', min: 0, max: SLIDER_MAX, step: STEP });
  readonly #number = h('input', {
    type: 'number',
    min: 0,
    max: MAX_TEMPERATURE,
    step: STEP,
    required: true,
    'aria-label': l10n.t('Temperature as a number'),
  });
  readonly #prompt = h('input', {
    type: 'text',
    id: 'prompt',
    maxlength: PROMPT_LENGTH,
    placeholder: l10n.t('Text to continue (optional)'),
    spellcheck: 'false',
    autocomplete: 'off',
  });
  readonly #fields: HTMLFieldSetElement;
  readonly #link: HTMLButtonElement;
  readonly #reason = h('p', { class: 'reason', id: 'sampling-reason' });
  readonly #requests: LatestOnly<Sampling>;
  readonly #onEdit: (sampling: Sampling) => void;

  /**
   * @param onEdit called after each change of a field
   * @param write generates a sample; handles its own errors
   * @param generate opens the tab "Generate"
   */
  constructor(
    onEdit: (sampling: Sampling) => void,
    write: (sampling: Sampling) => Promise<void>,
    generate: () => void,
  ) {
    this.#onEdit = onEdit;
    this.#requests = new LatestOnly(write, (a, b) => a.temperature === b.temperature && a.prompt === b.prompt);
    const writeButton = button(
      l10n.t('Write sample'),
      { class: 'primary', 'aria-describedby': 'sampling-reason' },
      () => undefined,
    );
    writeButton.type = 'submit';
    this.#fields = h(
      'fieldset',
      { 'aria-describedby': 'sampling-reason' },
      h('legend', { class: 'unseen' }, l10n.t('Sampling')),
      h(
        'span',
        { class: 'title' },
        h('label', { for: 'temperature' }, l10n.t('Temperature')),
        ...helpOn('temperature'),
      ),
      h('span', { class: 'temperature' }, this.#slider, this.#number),
      h('label', { for: 'prompt' }, l10n.t('Prompt')),
      this.#prompt,
      writeButton,
    );
    this.#link = button(l10n.t('Generate another text'), { class: 'link' }, generate);
    this.element = h('form', { class: 'sampling' }, this.#fields, this.#link, this.#reason);
    this.#listen();
  }

  fill({ temperature, prompt }: Sampling): void {
    this.#slider.value = String(temperature);
    this.#number.value = String(temperature);
    this.#prompt.value = prompt;
  }

  /** Enables the form if the run can generate samples. A run that has ended generates in its own tab, with a link. */
  show({ state }: RunView): void {
    const enabled = canSample(state);
    this.#fields.disabled = !enabled;
    const isBefore = state === 'starting' || state === 'waiting';
    this.#fields.hidden = !enabled && !isBefore;
    this.#link.hidden = !this.#fields.hidden;
    setText(this.#reason, isBefore ? l10n.t('You can generate samples after the run has started.') : '');
  }

  #listen(): void {
    this.#slider.addEventListener('input', () => {
      this.#number.value = this.#slider.value;
      this.#onEdit(this.#sampling());
    });
    this.#number.addEventListener('input', () => {
      this.#slider.value = this.#number.value;
      if (this.#number.validity.valid) this.#onEdit(this.#sampling());
    });
    this.#prompt.addEventListener('input', () => this.#onEdit(this.#sampling()));
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
