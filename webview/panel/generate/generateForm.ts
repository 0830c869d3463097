import * as l10n from '@vscode/l10n';
import {
  type GenerationRequest,
  MAX_BEAM,
  MAX_GENERATED,
  MAX_PROMPT,
  type WriterForm,
} from '../../../src/protocol/generation.ts';
import { button, h, setText } from '../../dom.ts';

/** Largest temperature of the slider, and of the number field. */
const [SLIDER_MAX, MAX_TEMPERATURE] = [2, 10];
/** Seeds drawn by the button, and their bound in the field. */
const [NEW_SEEDS, MAX_SEED] = [10_000, 2 ** 31 - 1];

type NumberName = 'length' | 'topK' | 'seed' | 'beam';

/** Labels, bounds and hints of the number fields. */
const numbers: Readonly<
  Record<NumberName, { readonly label: () => string; readonly min: number; readonly max: number; hint: () => string }>
> = {
  length: {
    label: () => l10n.t('Length'),
    min: 1,
    max: MAX_GENERATED,
    hint: () => l10n.t('Number of characters or words to write'),
  },
  topK: {
    label: () => l10n.t('Top-k'),
    min: 0,
    max: 1_000_000,
    hint: () => l10n.t('Draw from this many most likely tokens only; 0 draws from all'),
  },
  seed: {
    label: () => l10n.t('Seed'),
    min: 0,
    max: MAX_SEED,
    hint: () => l10n.t('The same seed draws the same text again'),
  },
  beam: {
    label: () => l10n.t('Beam width'),
    min: 1,
    max: MAX_BEAM,
    hint: () => l10n.t('Number of texts that a beam search keeps at each step; 1 lists none'),
  },
};

/** Fields of each kind of model. */
const fields: Readonly<Record<WriterForm['kind'], readonly (NumberName | 'label' | 'temperature')[]>> = {
  continues: ['temperature', 'length', 'topK', 'seed'],
  labeled: ['label', 'temperature', 'length', 'topK', 'seed'],
  converts: ['beam'],
};

/** Labels of the prompt by kind of model. */
const prompts: Readonly<Record<WriterForm['kind'], () => string>> = {
  continues: () => l10n.t('Text to continue'),
  labeled: () => l10n.t('Beginning of each text'),
  converts: () => l10n.t('Text to convert'),
};

/** Handlers of the form. */
export interface GenerateFormActions {
  /** Called after each change of a field. */
  edited(request: GenerationRequest): void;
  generate(request: GenerationRequest): void;
  stop(): void;
}

/** Form for a generated text: prompt, temperature, length, top-k, seed, label or beam width, and a button. */
export class GenerateForm {
  readonly element: HTMLFormElement;
  readonly #actions: GenerateFormActions;
  readonly #promptLabel = h('label', { for: 'generate-prompt' });
  readonly #prompt = h('textarea', {
    id: 'generate-prompt',
    rows: 2,
    maxlength: MAX_PROMPT,
    spellcheck: 'false',
  });
  readonly #slider = h('input', {
    type: 'range',
    min: 0,
    max: SLIDER_MAX,
    step: 0.05,
    'aria-label': l10n.t('Temperature as a slider'),
  });
  readonly #temperature = h('input', {
    type: 'number',
    id: 'generate-temperature',
    min: 0,
    max: MAX_TEMPERATURE,
    step: 'any',
    required: true,
  });
  readonly #label = h('select', { id: 'generate-label' });
  readonly #numbers: Readonly<Record<NumberName, HTMLInputElement>> = {
    length: numberField('length'),
    topK: numberField('topK'),
    seed: numberField('seed'),
    beam: numberField('beam'),
  };
  readonly #parts: ReadonlyMap<string, HTMLElement>;
  readonly #submit = h('button', { type: 'submit', class: 'primary' }, l10n.t('Generate'));
  #isWriting = false;

  constructor(actions: GenerateFormActions) {
    this.#actions = actions;
    const newSeed = button(l10n.t('New seed'), { title: l10n.t('Draw another seed, and write with it') }, () => {
      this.#numbers.seed.value = String(Math.floor(Math.random() * NEW_SEEDS));
      this.#generate();
    });
    this.#parts = new Map<string, HTMLElement>([
      ['label', field(l10n.t('Label'), this.#label)],
      ['temperature', field(l10n.t('Temperature'), this.#temperature, this.#slider)],
      ['length', field(numbers.length.label(), this.#numbers.length)],
      ['topK', field(numbers.topK.label(), this.#numbers.topK)],
      ['seed', field(numbers.seed.label(), this.#numbers.seed, newSeed)],
      ['beam', field(numbers.beam.label(), this.#numbers.beam)],
    ]);
    this.element = h(
      'form',
      { class: 'generate-form' },
      h('div', { class: 'generate-prompt' }, this.#promptLabel, this.#prompt),
      h('div', { class: 'generate-fields' }, ...this.#parts.values()),
      h('div', { class: 'generate-buttons' }, this.#submit),
    );
    this.#listen();
  }

  /** Offers the fields of a model. */
  describe({ kind, labels }: WriterForm): void {
    setText(this.#promptLabel, prompts[kind]());
    this.#prompt.required = kind === 'converts';
    for (const [name, part] of this.#parts) part.hidden = !fields[kind].some((each) => each === name);
    this.#label.replaceChildren(
      h('option', { value: '' }, l10n.t('all in turn')),
      ...labels.map((label, index) => h('option', { value: index + 1 }, label)),
    );
  }

  fill({ prompt, temperature, label, ...rest }: GenerationRequest): void {
    this.#prompt.value = prompt;
    this.#temperature.value = String(temperature);
    this.#slider.value = String(temperature);
    this.#label.selectedIndex = Math.max(0, this.#labels().indexOf(label));
    for (const name of ['length', 'topK', 'seed', 'beam'] as const) this.#numbers[name].value = String(rest[name]);
  }

  /** Makes the button stop the text that is being written, or begin one. */
  showWriting(isWriting: boolean): void {
    this.#isWriting = isWriting;
    setText(this.#submit, isWriting ? l10n.t('Stop') : l10n.t('Generate'));
    this.#submit.classList.toggle('primary', !isWriting);
  }

  /** Labels in the order of the list; null for all. */
  #labels(): (string | null)[] {
    return Array.from(this.#label.options, ({ textContent }, index) => (index === 0 ? null : textContent));
  }

  #listen(): void {
    this.#slider.addEventListener('input', () => {
      this.#temperature.value = this.#slider.value;
    });
    this.#temperature.addEventListener('input', () => {
      this.#slider.value = this.#temperature.value;
    });
    this.element.addEventListener('input', () => {
      if (this.element.checkValidity()) this.#actions.edited(this.#request());
    });
    this.#prompt.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.#generate();
    });
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#isWriting) this.#actions.stop();
      else this.#generate();
    });
  }

  #generate(): void {
    if (!this.element.reportValidity()) return;
    const request = this.#request();
    this.#actions.edited(request);
    this.#actions.generate(request);
  }

  #request(): GenerationRequest {
    const { length, topK, seed, beam } = this.#numbers;
    return {
      prompt: this.#prompt.value,
      label: this.#labels()[this.#label.selectedIndex] ?? null,
      temperature: this.#temperature.valueAsNumber,
      length: length.valueAsNumber,
      topK: topK.valueAsNumber,
      seed: seed.valueAsNumber,
      beam: beam.valueAsNumber,
    };
  }
}

function numberField(name: NumberName): HTMLInputElement {
  const { min, max, hint } = numbers[name];
  return h('input', { type: 'number', id: `generate-${name}`, min, max, step: 1, required: true, title: hint() });
}

function field(label: string, input: HTMLElement, ...others: readonly HTMLElement[]): HTMLElement {
  return h('span', { class: 'field' }, h('label', { for: input.id }, label), input, ...others);
}
