import * as l10n from '@vscode/l10n';
import type { ExplainedStep } from '../../../src/protocol/explain.ts';
import { visibleToken } from '../../../src/protocol/visibleToken.ts';
import type { NodeContent } from './cellDiagram.ts';
import { forwardDrawings, type NodeId } from './drawings.ts';
import { forwardQuantities, outputId, outputQuantities } from './forward.ts';
import type { PassContent } from './passView.ts';

/** Drawing and equations of the forward pass at one step. */
export function forwardContent(step: ExplainedStep, token: string): PassContent {
  const quantities = forwardQuantities(step, { token });
  const others = outputQuantities(step);
  const [likeliest] = step.outputs;
  const around: Partial<Record<NodeId, NodeContent>> = {
    x: { symbol: `x⟨t⟩ = "${visibleToken(token)}"`, name: l10n.t('input'), value: null, selection: null },
    hBefore: { symbol: 'h⟨t−1⟩', name: l10n.t('hidden state before'), value: step.before.h, selection: null },
    ...(step.before.c !== null && {
      cBefore: { symbol: 'c⟨t−1⟩', name: l10n.t('cell state before'), value: step.before.c, selection: null },
    }),
    ...(likeliest && {
      outputs: {
        symbol: `y⟨t⟩ "${visibleToken(likeliest.token)}"`,
        name: l10n.t('most likely answer'),
        value: likeliest.logit,
        selection: { quantity: outputId(likeliest), group: null },
      },
    }),
  };
  return {
    drawing: forwardDrawings[step.cell],
    contentOf(node) {
      const known = around[node];
      if (known) return known;
      const quantity = quantities.find(({ id }) => id === node);
      return quantity ? { ...quantity, selection: { quantity: quantity.id, group: null } } : null;
    },
    quantities,
    others,
  };
}
