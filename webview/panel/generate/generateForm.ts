import * as l10n from '@vscode/l10n';
import {
  type GenerationRequest,
  MAX_BEAM,
  MAX_GENERATED,
  MAX_PROMPT,
  MAX_SAMPLES,
  type RequestField,
  requestFields,
  usedRequest,
  type WriterForm,
} from '../../../src/protocol/generation.ts';
import { button, h, setText } from '../../dom.ts';

/** Largest temperature of the slider, and of the number field. */
const [SLIDER_MAX, MAX_TEMPERATURE] = [2, 10];
/** Seeds drawn by the button, and their bound in the field. */
const [NEW_SEEDS, MAX_SEED] = [10_000, 2 ** 31 - 1];
/** Maximum length of the field of stop strings. */
const MAX_STOP = 1000;

type NumberName = 'length' | 'topK' | 'topP' | 'minP' | 'repetitionPenalty' | 'seed' | 'samples' | 'beam';

interface NumberField {
  readonly label: () => string;
  readonly min: number;
  readonly max: number;
  /** Difference of two allowed values; "any" for fractions. */
  readonly step: 1 | 'any';
  readonly hint: () => string;
}

/** Number fields, in their order. */
const numbers: Readonly<Record<NumberName, NumberField>> = {
  length: {
    label: () => l10n.t('Length'),
    min: 1,
    max: MAX_GENERATED,
    step: 1,
    hint: () => l10n.t('Number of characters or words to write'),
  },
  topK: {
    label: () => l10n.t('Top-k'),
    min: 0,
    max: 1_000_000,
    step: 1,
    hint: () => l10n.t('Draw from this many most likely tokens only; 0 draws from all'),
  },
  seed: {
    label: () => l10n.t('Seed'),
    min: 0,
    max: MAX_SEED,
    step: 1,
    hint: () => l10n.t('The same seed draws the same text again'),
  },
  samples: {
    label: () => l10n.t('Texts'),
    min: 1,
    max: MAX_SAMPLES,
    step: 1,
    hint: () => l10n.t('Number of texts, each drawn with different random numbers'),
  },
  topP: {
    label: () => l10n.t('Top-p'),
    min: 0.001,
    max: 1,
    step: 'any',
    hint: () =>
      l10n.t('Draw from the most likely tokens whose probabilities add up to at least this; 1 draws from all'),
  },
  minP: {
    label: () => l10n.t('Min-p'),
    min: 0,
    max: 1,
    step: 'any',
    hint: () =>
      l10n.t('Draw from tokens that are at least this fraction as likely as the most likely one; 0 draws from all'),
  },
  repetitionPenalty: {
    label: () => l10n.t('Repetition penalty'),
    min: 0.1,
    max: 10,
    step: 'any',
    hint: () => l10n.t('Makes the last 64 tokens less likely to be repeated; 1 turns it off'),
  },
  beam: {
    label: () => l10n.t('Beam width'),
    min: 1,
    max: MAX_BEAM,
    step: 1,
    hint: () => l10n.t('Number of texts that a beam search keeps at each step; 1 lists none'),
  },
};

const numberNames = Object.keys(numbers) as readonly NumberName[];

/** Fields in their order: those that are always shown, and those behind "More". */
const FIRST: readonly RequestField[] = ['label', 'temperature', 'length', 'topK', 'seed', 'samples'];
const MORE: readonly RequestField[] = ['topP', 'minP', 'repetitionPenalty', 'stop', 'beam'];

/** Fields of a kind of model. */
function fieldsOf(kind: WriterForm['kind']): { first: readonly RequestField[]; more: readonly RequestField[] } {
  const isUsed = (name: RequestField) => requestFields[kind].includes(name);
  const [first, more] = [FIRST.filter(isUsed), MORE.filter(isUsed)];
  return first.length > 0 ? { first, more } : { first: more, more: [] };
}

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

/** Form for generated texts: prompt, label, rules of drawing, seed, and a button. */
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
  readonly #numbers = Object.fromEntries(numberNames.map((name) => [name, numberField(name)])) as Readonly<
    Record<NumberName, HTMLInputElement>
  >;
  readonly #stop = h('textarea', {
    id: 'generate-stop',
    rows: 1,
    maxlength: MAX_STOP,
    spellcheck: 'false',
    title: l10n.t('Strings before which a text ends, one per line; \\n is a line break'),
  });
  readonly #parts: ReadonlyMap<RequestField, HTMLElement>;
  readonly #first = h('div', { class: 'generate-fields' });
  readonly #others = h('div', { class: 'generate-fields' });
  readonly #more = h('details', { class: 'generate-more' }, h('summary', {}, l10n.t('More')), this.#others);
  readonly #submit = h('button', { type: 'submit', class: 'primary' }, l10n.t('Generate'));
  #kind: WriterForm['kind'] = 'continues';
  #isWriting = false;

  constructor(actions: GenerateFormActions) {
    this.#actions = actions;
    const newSeed = button(l10n.t('New seed'), { title: l10n.t('Draw another seed, and write with it') }, () => {
      this.#numbers.seed.value = String(Math.floor(Math.random() * NEW_SEEDS));
      this.#generate();
    });
    this.#parts = new Map<RequestField, HTMLElement>([
      ['label', field(l10n.t('Label'), this.#label)],
      ['temperature', field(l10n.t('Temperature'), this.#temperature, this.#slider)],
      ['stop', field(l10n.t('Stop strings'), this.#stop)],
      ...numberNames.map((name): [NumberName, HTMLElement] => [
        name,
        field(numbers[name].label(), this.#numbers[name], ...(name === 'seed' ? [newSeed] : [])),
      ]),
    ]);
    this.element = h(
      'form',
      { class: 'generate-form' },
      h('div', { class: 'generate-prompt' }, this.#promptLabel, this.#prompt),
      this.#first,
      this.#more,
      h('div', { class: 'generate-buttons' }, this.#submit),
    );
    this.#listen();
  }

  /** Offers the fields of a model. */
  describe({ kind, labels }: WriterForm): void {
    setText(this.#promptLabel, prompts[kind]());
    this.#kind = kind;
    this.#prompt.required = kind === 'converts';
    const { first, more } = fieldsOf(kind);
    this.#first.replaceChildren(...this.#partsOf(first));
    this.#others.replaceChildren(...this.#partsOf(more));
    this.#more.hidden = more.length === 0;
    this.#label.replaceChildren(
      h('option', { value: '' }, l10n.t('all in turn')),
      ...labels.map((label, index) => h('option', { value: index + 1 }, label)),
    );
  }

  #partsOf(names: readonly RequestField[]): HTMLElement[] {
    return names.flatMap((name) => this.#parts.get(name) ?? []);
  }

  fill({ prompt, temperature, label, stop, ...rest }: GenerationRequest): void {
    this.#prompt.value = prompt;
    this.#stop.value = stop;
    this.#temperature.value = String(temperature);
    this.#slider.value = String(temperature);
    this.#label.selectedIndex = Math.max(0, this.#labels().indexOf(label));
    for (const name of numberNames) this.#numbers[name].value = String(rest[name]);
    // A rule that is in use is not hidden.
    const { topP, minP, repetitionPenalty, beam } = rest;
    this.#more.open ||= topP < 1 || minP > 0 || repetitionPenalty !== 1 || stop !== '' || beam > 1;
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
    this.#actions.generate(usedRequest(request, this.#kind));
  }

  #request(): GenerationRequest {
    const number = (name: NumberName) => this.#numbers[name].valueAsNumber;
    return {
      prompt: this.#prompt.value,
      label: this.#labels()[this.#label.selectedIndex] ?? null,
      temperature: this.#temperature.valueAsNumber,
      length: number('length'),
      topK: number('topK'),
      topP: number('topP'),
      minP: number('minP'),
      repetitionPenalty: number('repetitionPenalty'),
      stop: this.#stop.value,
      seed: number('seed'),
      samples: number('samples'),
      beam: number('beam'),
    };
  }
}

function numberField(name: NumberName): HTMLInputElement {
  const { min, max, step, hint } = numbers[name];
  return h('input', { type: 'number', id: `generate-${name}`, min, max, step, required: true, title: hint() });
}

function field(label: string, input: HTMLElement, ...others: readonly HTMLElement[]): HTMLElement {
  return h('span', { class: 'field' }, h('label', { for: input.id }, label), input, ...others);
}
