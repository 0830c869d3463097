import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { LSTM_TENSORS, lstmShapes } from '../../../src/config/torchLstm.ts';
import { button, h, setText } from '../../dom.ts';
import type { LessonBody, LessonContext } from '../lessonBody.ts';
import { ArgumentTable } from '../layer/argumentTable.ts';
import { describeLayer, describeTensor, dimensionName, weightTable } from '../layer/describeLayer.ts';
import { type LayerInput, modelOf, torchLstm } from '../layer/layerInput.ts';
import { drawNetwork } from '../network/networkDrawing.ts';
import { drawTensor } from '../network/tensorBox.ts';
import { subscript } from '../parts/subscript.ts';
import { TableView } from '../../panel/results/tableView.ts';

const size = z.int().positive();

const storedInput = z.object({
  sizes: z.object({
    inputSize: size,
    hiddenSize: size,
    layers: size,
    dropout: z.number().min(0).max(0.95),
    projSize: z.int().nonnegative(),
    timeSteps: size,
    batch: size,
  }),
  switches: z.object({ bias: z.boolean(), batchFirst: z.boolean(), bidirectional: z.boolean() }),
});

/** The example of the lecture: `nn.LSTM(10, 20, 2)` on `torch.randn(5, 3, 10)`. */
const DEFAULT: LayerInput = {
  sizes: { inputSize: 10, hiddenSize: 20, layers: 2, dropout: 0, projSize: 0, timeSteps: 5, batch: 3 },
  switches: { bias: true, batchFirst: false, bidirectional: false },
};

/** Steps in the drawing of the network at most. */
const DRAWN_STEPS = 4;

/** Lesson on nn.LSTM: its arguments, and the shapes that follow from them. Computed in the page. */
export class LayerBody implements LessonBody {
  readonly controls: HTMLElement;
  readonly figures: HTMLElement;
  readonly change: HTMLElement;
  readonly #context: LessonContext;
  readonly #table: ArgumentTable;
  readonly #call = h('pre', { class: 'call', tabindex: '0', 'aria-label': l10n.t('The call in Python') });
  readonly #tensors = h('div', { class: 'tensors' });
  readonly #network = h('div', {
    class: 'network-scroll',
    role: 'region',
    tabindex: '0',
    'aria-label': l10n.t('Drawing of the network'),
  });
  readonly #weights: TableView;
  #input: LayerInput;

  constructor(context: LessonContext) {
    this.#context = context;
    this.#input = storedInput.safeParse(context.stored).data ?? DEFAULT;
    this.#weights = new TableView(l10n.t('Weights in PyTorch'), context);
    this.#table = new ArgumentTable((input) => this.#change(input), context.problem);
    this.controls = h('div', { class: 'figures' }, this.#table.element);
    this.figures = h(
      'div',
      { class: 'results' },
      this.#call,
      h('section', { class: 'block' }, h('h2', {}, l10n.t('Shapes')), this.#tensors),
      h(
        'section',
        { class: 'block' },
        h('h2', {}, l10n.t('Layers over time')),
        h(
          'p',
          { class: 'about' },
          l10n.t(
            'Each layer reads the hidden states of the layer below. output has the states of the top layer at all steps; h_n and c_n have the last states of all layers.',
          ),
        ),
        this.#network,
      ),
      this.#weights.element,
    );
    this.change = h(
      'div',
      { class: 'buttons' },
      ...[
        { label: l10n.t('Read in both directions'), switches: { bidirectional: true } },
        { label: l10n.t('Put the batch first'), switches: { batchFirst: true } },
        { label: l10n.t('Project to 5'), sizes: { projSize: 5 } },
      ].map(({ label, sizes = {}, switches = {} }) =>
        button(label, {}, () =>
          this.#change({
            sizes: { ...this.#input.sizes, ...sizes },
            switches: { ...this.#input.switches, ...switches },
          }),
        ),
      ),
      button(l10n.t('Example of the lecture'), { 'data-do': 'lecture' }, () => this.#change(DEFAULT)),
    );
  }

  appear(): void {
    this.#draw();
  }

  #change(input: LayerInput): void {
    const { hiddenSize, projSize } = input.sizes;
    if (projSize >= hiddenSize) {
      this.#context.problem(
        l10n.t('proj_size must be less than hidden_size, and {0} is not less than {1}.', projSize, hiddenSize),
      );
      return;
    }
    this.#context.problem('');
    this.#input = input;
    this.#context.store(input);
    this.#draw();
  }

  #draw(): void {
    const { sizes, switches } = this.#input;
    const lstm = torchLstm(this.#input);
    const shapes = lstmShapes(lstm, sizes);
    this.#table.show(this.#input, modelOf(this.#input));
    setText(this.#call, describeCall(this.#input));
    this.#tensors.replaceChildren(
      ...LSTM_TENSORS.map((name) => {
        const label = `${name} (${shapes[name].map((each) => each.size).join(', ')})`;
        const boxes = shapes[name].map((each) => ({ label: dimensionName(each.name), size: each.size }));
        const [first, second, third] = boxes;
        return h(
          'figure',
          { 'data-tensor': name },
          h('figcaption', {}, h('strong', {}, label)),
          ...(first && second && third ? [drawTensor([first, second, third], label)] : []),
          h('p', { class: 'about' }, describeTensor(name, this.#input)),
        );
      }),
    );
    const steps = Math.min(DRAWN_STEPS, sizes.timeSteps);
    const names = (letter: string) =>
      Array.from({ length: steps }, (_, t) => `${letter}${subscript(t === steps - 1 ? sizes.timeSteps : t + 1)}`);
    this.#network.replaceChildren(
      drawNetwork(
        {
          layers: Array.from({ length: sizes.layers }, (_, i) => `LSTM ${i + 1}`),
          inputs: names('x'),
          outputs: names('h'),
          recurrence: 'hidden',
          bidirectional: switches.bidirectional,
          ...(sizes.dropout > 0 && { between: l10n.t('drop') }),
          skips: steps < sizes.timeSteps,
          initial: 'h₀, c₀',
          final: 'hₙ, cₙ',
        },
        l10n.t('{0} layers over {1} time steps', sizes.layers, sizes.timeSteps),
      ),
    );
    this.#weights.show(weightTable(lstm));
    this.#context.see(describeLayer(this.#input));
  }
}

/** The layer and its call in Python. */
function describeCall({ sizes, switches }: LayerInput): string {
  const python = (value: boolean) => (value ? 'True' : 'False');
  const options = [
    ...(switches.bias ? [] : ['bias=False']),
    ...(switches.batchFirst ? ['batch_first=True'] : []),
    ...(sizes.dropout > 0 ? [`dropout=${sizes.dropout}`] : []),
    ...(switches.bidirectional ? [`bidirectional=${python(true)}`] : []),
    ...(sizes.projSize > 0 ? [`proj_size=${sizes.projSize}`] : []),
  ];
  const states = sizes.layers * (switches.bidirectional ? 2 : 1);
  const first = switches.batchFirst ? [sizes.batch, sizes.timeSteps] : [sizes.timeSteps, sizes.batch];
  return [
    `rnn = nn.LSTM(${[sizes.inputSize, sizes.hiddenSize, sizes.layers, ...options].join(', ')})`,
    `input = torch.randn(${[...first, sizes.inputSize].join(', ')})`,
    `h0 = torch.randn(${[states, sizes.batch, sizes.projSize || sizes.hiddenSize].join(', ')})`,
    `c0 = torch.randn(${[states, sizes.batch, sizes.hiddenSize].join(', ')})`,
    'output, (hn, cn) = rnn(input, (h0, c0))',
  ].join('\n');
}
