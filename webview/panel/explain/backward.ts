import * as l10n from '@vscode/l10n';
import type { CellForm } from '../../../src/config/cells.ts';
import { activationNames } from '../../../src/protocol/activationNames.ts';
import type {
  ExplainedGradient,
  ExplainedStateGradient,
  ExplainedStep,
  GradientPart,
} from '../../../src/protocol/explain.ts';
import type { ActivationName } from '../../../src/protocol/probes.ts';
import { visibleToken } from '../../../src/protocol/visibleToken.ts';
import type { FormulaId } from '../../math/formulas.ts';
import { unitName } from './forward.ts';
import { groupOf, partsOf, productsOf, type Quantity, sumPieces, type TermGroup } from './quantities.ts';
import { say } from '../../../src/phrases/phrase.ts';

const gruGates = (reset: FormulaId) =>
  ({ update: 'explainUpdateGradient', reset, candidate: 'explainGruCandidateGradient' }) as const;

/** Equation of the gradient by each gate before its activation. */
const GATE_FORMULAS: Readonly<Record<CellForm, Readonly<Partial<Record<ActivationName, FormulaId>>>>> = {
  lstm: {
    input: 'explainInputGradient',
    forget: 'explainForgetGradient',
    candidate: 'explainCandidateGradient',
    output: 'explainOutputGradient',
  },
  gru: gruGates('explainResetGradient'),
  'gru-reset-after': gruGates('explainResetAfterGradient'),
  'rnn-tanh': { hidden: 'explainRnnTanhGradient' },
  'rnn-relu': { hidden: 'explainRnnReluGradient' },
  'rnn-linear': { hidden: 'explainRnnLinearGradient' },
};

/** Name of each path of a gradient, with the gate that it passes. */
const PATHS: Readonly<Record<GradientPart['path'], (gate: string) => string>> = {
  output: () => l10n.t('through the logits at t'),
  above: (gate) => l10n.t('through the layer above at t, {0}', gate),
  next: (gate) => l10n.t('through step t+1, {0}', gate),
  kept: () => l10n.t('kept by the update gate of t+1'),
  hidden: () => l10n.t('through h⟨t⟩'),
  cell: () => l10n.t('through c⟨t+1⟩'),
};

/** Paths whose two factors are named. */
const FACTORS: Readonly<Partial<Record<GradientPart['path'], string>>> = {
  hidden: 'o⟨t⟩ (1 − tanh² c⟨t⟩) · ∂L/∂h⟨t⟩',
  cell: 'f⟨t+1⟩ · ∂L/∂c⟨t+1⟩',
  kept: 'z⟨t+1⟩ · ∂L/∂h⟨t+1⟩',
};

/** The quantities of the backward pass at one step, in the order in which they are computed. */
export function backwardQuantities(step: ExplainedStep, gradient: ExplainedGradient): Quantity[] {
  return [
    stateQuantity('hidden', gradient.h, hiddenFormulas(gradient.h)),
    ...(gradient.c ? [stateQuantity('cellState', gradient.c, ['explainCellGradient'])] : []),
    ...gradient.gates.map((gate) => gateQuantity(step, gate)),
  ];
}

/** Id of the quantity of a gate before its activation. */
export function gateId(gate: ActivationName): string {
  // eslint-disable-next-line lab/translated -- an id
  return `gradient of ${gate}`;
}

/** Indices of the parts of a gradient that came by some paths. */
export function partsBy({ parts }: ExplainedStateGradient, ...paths: readonly GradientPart['path'][]): number[] {
  return parts.flatMap(({ path }, i) => (paths.includes(path) ? [i] : []));
}

function hiddenFormulas(gradient: ExplainedStateGradient): FormulaId[] {
  const below = partsBy(gradient, 'above').length > 0;
  const kept = partsBy(gradient, 'kept').length > 0;
  return [
    below ? 'explainHiddenGradientBelow' : 'explainHiddenGradient',
    ...(kept ? (['explainKeptGradient'] as const) : []),
  ];
}

function stateQuantity(
  state: 'hidden' | 'cellState',
  { parts, total }: ExplainedStateGradient,
  formulas: readonly FormulaId[],
): Quantity {
  return {
    id: state,
    symbol: `∂L/∂${activationNames[state].symbol}⟨t⟩`,
    name: l10n.t('gradient by the {0}', say(activationNames[state].name)),
    value: total,
    formulas,
    numbers: sumPieces(parts.map((part, i) => ({ value: part.value, name: pathName(part), group: i }))),
    overview: partsOf(
      l10n.t('paths'),
      parts.map((part) => [pathName(part), part.value]),
    ),
    groups: parts.map(partGroup),
  };
}

function pathName({ path, gate }: GradientPart): string {
  return PATHS[path](gate === null ? '' : say(activationNames[gate].name));
}

function partGroup(part: GradientPart): TermGroup {
  const { path, sum, factor } = part;
  return {
    ...groupOf(pathName(part), sum, ({ index, token }) =>
      token === undefined ? (FACTORS[path] ?? unitName(index)) : l10n.t('logit of "{0}"', visibleToken(token)),
    ),
    ...(factor !== null && { factor: { name: 'r⟨t+1⟩', value: factor } }),
  };
}

function gateQuantity(
  { form }: ExplainedStep,
  { gate, byValue, slope, total }: ExplainedGradient['gates'][number],
): Quantity {
  const { symbol } = activationNames[gate];
  const name = say(activationNames[gate].name);
  const formula = GATE_FORMULAS[form][gate];
  const title = l10n.t('{0} · slope of the activation', `∂L/∂${symbol}⟨t⟩`);
  return {
    id: gateId(gate),
    symbol: gate === 'hidden' ? '∂L/∂z⟨t⟩' : `∂L/∂z_${symbol}⟨t⟩`,
    name: l10n.t('gradient by the weighted sum, {0}', name),
    value: total,
    formulas: formula ? [formula] : [],
    numbers: [
      { value: byValue, name: `∂L/∂${symbol}⟨t⟩`, group: 0 },
      ' · ',
      { value: slope, name: l10n.t('slope of the activation'), group: 0 },
    ],
    groups: [productsOf(title, [[title, [byValue, slope]]])],
  };
}
