import * as l10n from '@vscode/l10n';
import type { CellForm } from '../../../src/config/cells.ts';
import { activationNames } from '../../../src/protocol/activationNames.ts';
import type { ExplainedGate, ExplainedOutput, ExplainedStep } from '../../../src/protocol/explain.ts';
import type { ActivationName } from '../../../src/protocol/probes.ts';
import { visibleToken } from '../../../src/protocol/visibleToken.ts';
import type { FormulaId } from '../../math/formulas.ts';
import { groupOf, type NumberPiece, partsOf, type Piece, productsOf, type Quantity, sumPieces } from './quantities.ts';
import { say } from '../../../src/phrases/phrase.ts';

/** Equations of a form of a cell. */
interface FormEquations {
  /** Equation of each gate, and of the states that are computed from them. */
  readonly formulas: Readonly<Partial<Record<ActivationName, FormulaId>>>;
  /** Products that add up to c_t, and to h_t; absent where a gate gives the state. */
  readonly states: Readonly<Partial<Record<'cellState' | 'hidden', (values: Values) => Products>>>;
}

type Products = readonly (readonly [name: string, factors: readonly number[]])[];

/** Values of a step by name. */
interface Values {
  readonly gate: (name: ActivationName) => number;
  readonly step: ExplainedStep;
}

const gru = (candidate: FormulaId): FormEquations => ({
  formulas: { update: 'explainUpdate', reset: 'explainReset', candidate, hidden: 'explainGruHidden' },
  states: {
    hidden: ({ gate, step }) => [
      [l10n.t('kept: z⟨t⟩ · h⟨t−1⟩'), [gate('update'), step.before.h]],
      [l10n.t('new: (1 − z⟨t⟩) · g⟨t⟩'), [1 - gate('update'), gate('candidate')]],
    ],
  },
});
const rnn = (hidden: FormulaId): FormEquations => ({ formulas: { hidden }, states: {} });

const FORMS: Readonly<Record<CellForm, FormEquations>> = {
  lstm: {
    formulas: {
      input: 'explainInput',
      forget: 'explainForget',
      candidate: 'explainCandidate',
      output: 'explainOutput',
      cellState: 'explainCell',
      hidden: 'explainHidden',
    },
    states: {
      cellState: ({ gate, step }) => [
        [l10n.t('kept: f⟨t⟩ · c⟨t−1⟩'), [gate('forget'), step.before.c ?? 0]],
        [l10n.t('new: i⟨t⟩ · g⟨t⟩'), [gate('input'), gate('candidate')]],
      ],
      hidden: ({ gate, step }) => [[l10n.t('o⟨t⟩ · tanh c⟨t⟩'), [gate('output'), Math.tanh(step.state.c ?? 0)]]],
    },
  },
  gru: gru('explainCandidateOfReset'),
  'gru-reset-after': gru('explainCandidateResetAfter'),
  'rnn-tanh': rnn('explainRnnTanh'),
  'rnn-relu': rnn('explainRnnRelu'),
  'rnn-linear': rnn('explainRnnLinear'),
};

/** Names of what the explained layer reads. */
export interface InputNames {
  /** Token that the step reads. */
  readonly token: string;
}

/** The quantities of the forward pass at one step, in the order in which they are computed. */
export function forwardQuantities(step: ExplainedStep, names: InputNames): Quantity[] {
  const { formulas, states } = FORMS[step.form];
  const values: Values = {
    step,
    gate: (name) => step.gates.find(({ gate }) => gate === name)?.value ?? NaN,
  };
  const gates = step.gates.map((gate) => gateQuantity(step, gate, names, formulas[gate.gate]));
  const stateValues = { cellState: step.state.c ?? NaN, hidden: step.state.h };
  const computed = (['cellState', 'hidden'] as const).flatMap((name): Quantity[] => {
    const products = states[name]?.(values);
    if (!products) return [];
    const group = productsOf(symbolOf(name), products);
    return [
      {
        id: name,
        symbol: symbolOf(name),
        name: say(activationNames[name].name),
        value: stateValues[name],
        formulas: [formulas[name]].filter((id) => id !== undefined),
        numbers: productPieces(products),
        groups: [group],
      },
    ];
  });
  return [...gates, ...computed];
}

/** The answers of the model as quantities, one for each listed output. */
export function outputQuantities(step: ExplainedStep): Quantity[] {
  return step.outputs.map((output) => ({
    id: outputId(output),
    symbol: `y⟨t⟩`,
    name: l10n.t('logit of "{0}"', visibleToken(output.token)),
    value: output.logit,
    formulas: ['explainLogits'],
    numbers: sumPieces([
      { value: output.sum.total, name: l10n.t('part of h⟨t⟩'), group: 0 },
      { value: output.bias, name: l10n.t('bias'), group: null },
    ]),
    groups: [groupOf(l10n.t('part of h⟨t⟩'), output.sum, ({ index }) => unitName(index))],
  }));
}

export function outputId({ index }: Pick<ExplainedOutput, 'index'>): string {
  return `output-${index}`;
}

export function unitName(unit: number): string {
  return l10n.t('unit {0}', unit);
}

/** Symbol of an activation at a step, such as "i⟨t⟩". */
function symbolOf(name: ActivationName): string {
  return `${activationNames[name].symbol}⟨t⟩`;
}

function gateQuantity(
  step: ExplainedStep,
  gate: ExplainedGate,
  names: InputNames,
  formula: FormulaId | undefined,
): Quantity {
  const { total, value } = gate;
  const parts = gateParts(step, gate);
  const [open, close] = applied(step.form, gate.gate);
  return {
    id: gate.gate,
    symbol: symbolOf(gate.gate),
    name: say(activationNames[gate.gate].name),
    value,
    formulas: formula ? [formula] : [],
    numbers: [
      ...[open, ...gatePieces(gate, parts), close].filter((piece) => piece !== ''),
      ...(open === '' ? [] : [' = ', open, { value: total, name: l10n.t('weighted sum'), group: null }, close]),
    ],
    overview: partsOf(l10n.t('weighted sum'), [
      [parts.input.name, parts.input.value],
      [parts.whole.name, parts.whole.value],
      [parts.bias.name, parts.bias.value],
    ]),
    groups: [
      groupOf(parts.input.name, gate.input, ({ index }) => inputName(step, index, names)),
      {
        ...groupOf(parts.recurrent.name, gate.recurrent, ({ index }) => unitName(index)),
        ...(gate.factor !== null && { factor: { name: 'r⟨t⟩', value: gate.factor } }),
      },
    ],
  };
}

/** Parts of the weighted sum of a gate. */
interface GateParts {
  readonly input: NumberPiece;
  readonly recurrent: NumberPiece;
  /** Bias of the recurrent part within the factor of a reset gate; 0 without one. */
  readonly inner: NumberPiece;
  /** The recurrent part with its factor. */
  readonly whole: NumberPiece;
  readonly bias: NumberPiece;
}

function gateParts(
  { form }: ExplainedStep,
  { gate, input, recurrent, bias, recurrentBias, factor }: ExplainedGate,
): GateParts {
  const isReset = form === 'gru' && gate === 'candidate';
  const name = isReset ? l10n.t('part of r⟨t⟩ ⊙ h⟨t−1⟩') : l10n.t('part of h⟨t−1⟩');
  // A recurrent bias without a factor is one with the bias.
  const [inner, outer] = factor === null ? [0, bias + (recurrentBias ?? 0)] : [recurrentBias ?? 0, bias];
  return {
    input: { value: input.total, name: l10n.t('part of x⟨t⟩'), group: 0 },
    recurrent: { value: recurrent.total, name, group: 1 },
    inner: { value: inner, name: l10n.t('recurrent bias'), group: null },
    whole: {
      value: (factor ?? 1) * (recurrent.total + inner),
      name: factor === null ? name : l10n.t('r⟨t⟩ · (part of h⟨t−1⟩ + recurrent bias)'),
      group: 1,
    },
    bias: { value: outer, name: l10n.t('bias'), group: null },
  };
}

/** The weighted sum of a gate with its numbers. */
function gatePieces({ factor }: ExplainedGate, { input, recurrent, inner, bias }: GateParts): Piece[] {
  if (factor === null) return sumPieces([input, recurrent, bias]);
  return [
    ...sumPieces([input, bias]),
    ' + ',
    { value: factor, name: say(activationNames.reset.name), group: null },
    ' (',
    ...sumPieces([recurrent, inner]),
    ')',
  ];
}

/** Text around the weighted sum of a gate. */
function applied(form: CellForm, gate: ActivationName): readonly [open: string, close: string] {
  if (form === 'rnn-linear') return ['', ''];
  if (form === 'rnn-relu') return ['max(0, ', ')'];
  return gate === 'candidate' || gate === 'hidden' ? ['tanh(', ')'] : ['σ(', ')'];
}

const INPUT_NAMES: Readonly<Record<ExplainedStep['reads'], (index: number, names: InputNames) => string>> = {
  'one-hot': (_, { token }) => `"${visibleToken(token)}"`,
  embedding: (index, { token }) => l10n.t('dimension {0} of "{1}"', index, visibleToken(token)),
  layer: (index) => l10n.t('unit {0} of the layer below', index),
};

function inputName({ reads }: ExplainedStep, index: number, names: InputNames): string {
  return INPUT_NAMES[reads](index, names);
}

/** The numbers of a sum of products, such as "0.95 · 1.42 + 0.507 · (−0.558)". */
function productPieces(products: Products): Piece[] {
  return products.flatMap(([name, factors], i): Piece[] => [
    ...(i === 0 ? [] : [' + ']),
    ...factors.flatMap((value, k): Piece[] => [
      ...(k === 0 ? [] : [' · ']),
      ...(value < 0 && (k > 0 || i > 0) ? ['(', { value, name, group: 0 }, ')'] : [{ value, name, group: 0 }]),
    ]),
  ]);
}
