import type { UnitRoles } from '../../protocol/inspection.ts';
import type { ActivationName } from '../../protocol/probes.ts';
import type { Activations } from './activations.ts';
import { TOKEN_CLASSES } from './tokenClasses.ts';
import { unitScores } from './unitScores.ts';

/**
 * What each unit follows over a text: the class of tokens with which its activation correlates most, and the number of
 * tokens that it remembers. Units are in the order of the strength of the correlation.
 */
export function unitRoles(activations: Activations, name: ActivationName, tokens: readonly string[]): UnitRoles {
  const memory = unitScores(activations, name, 'memory', tokens);
  const scores = TOKEN_CLASSES.map((tokenClass) => ({
    tokenClass,
    correlations: unitScores(activations, name, tokenClass, tokens),
  }));
  const units = Array.from({ length: activations.cell.units }, (_, unit) => {
    const best = scores.reduce((a, b) => (Math.abs(b.correlations[unit]!) > Math.abs(a.correlations[unit]!) ? b : a));
    return { unit, tokenClass: best.tokenClass, correlation: best.correlations[unit]!, memory: memory[unit]! };
  });
  return { units: units.sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation) || a.unit - b.unit) };
}
