import * as l10n from '@vscode/l10n';
import type { ExplainedGradient, ExplainedStep, GradientPart } from '../../../src/protocol/explain.ts';
import { backwardQuantities, gateId, partsBy } from './backward.ts';
import type { NodeContent } from './cellDiagram.ts';
import { backwardDrawings, type NodeId } from './drawings.ts';
import type { PassContent } from './passView.ts';

/** Drawing and equations of the backward pass at one step. */
export function backwardContent(step: ExplainedStep, gradient: ExplainedGradient): PassContent {
  const quantities = backwardQuantities(step, gradient);
  /** Node for the parts of dL/dh_t or dL/dc_t that came by some paths. */
  const arrived = (
    symbol: string,
    name: string,
    state: 'hidden' | 'cellState',
    ...paths: readonly GradientPart['path'][]
  ): NodeContent | null => {
    const whole = state === 'hidden' ? gradient.h : gradient.c;
    const indices = whole ? partsBy(whole, ...paths) : [];
    if (!whole || indices.length === 0) return null;
    const value = indices.reduce((sum, i) => sum + (whole.parts[i]?.value ?? 0), 0);
    const [only] = indices;
    return { symbol, name, value, selection: { quantity: state, group: indices.length === 1 ? (only ?? null) : null } };
  };
  const arrivals: Partial<Record<NodeId, NodeContent | null>> = {
    next: arrived(l10n.t('step t+1'), l10n.t('through the next step'), 'hidden', 'next', 'kept'),
    outputs:
      arrived(l10n.t('logits'), l10n.t('through the logits at t'), 'hidden', 'output') ??
      arrived(l10n.t('layer above'), l10n.t('through the layer above'), 'hidden', 'above'),
    cNext: arrived('c⟨t+1⟩', l10n.t('through c⟨t+1⟩'), 'cellState', 'cell'),
  };
  return {
    drawing: backwardDrawings[step.cell],
    contentOf(node) {
      if (node in arrivals) return arrivals[node] ?? null;
      const id = node === 'sum' ? gateId('hidden') : quantityOf(node);
      const quantity = quantities.find((each) => each.id === id);
      return quantity ? { ...quantity, selection: { quantity: quantity.id, group: null } } : null;
    },
    quantities,
    others: [],
  };
}

/** Id of the quantity that a node of a gate or a state shows. */
function quantityOf(node: NodeId): string {
  const states: readonly NodeId[] = ['hidden', 'cellState'];
  const others: readonly NodeId[] = ['x', 'hBefore', 'cBefore', 'outputs', 'next', 'cNext', 'sum'];
  // eslint-disable-next-line lab/translated -- an id
  return states.includes(node) || others.includes(node) ? node : `gradient of ${node}`;
}
