import * as l10n from '@vscode/l10n';
import { cells } from '../../../src/config/cells.ts';
import { activationNames } from '../../../src/protocol/activationNames.ts';
import type { RecurrentLayer } from '../../../src/protocol/inspection.ts';
import type { ActivationName } from '../../../src/protocol/probes.ts';
import { visibleToken } from '../../../src/protocol/visibleToken.ts';
import { formatNumber } from '../../charts/number.ts';
import type { UnitTrace } from './unitTraces.ts';
import { OPEN } from './traceSpec.ts';
import { say } from '../../../src/phrases/phrase.ts';

/** Memory length above the text that is shown, or of a gate that never closes. */
const LONGEST_RATE = 1 - 1e-6;

/** A value that changes by less than this fraction of its largest size stays the same to the eye. */
const VISIBLE_CHANGE = 0.05;

/**
 * Sentences about what to look for in the traces of a unit: how long it keeps its state and where it forgets most, and
 * where its state changes most, or that values are missing. Empty while the traces do not belong to these tokens.
 */
export function describeTraces(
  { cell }: Pick<RecurrentLayer, 'cell'>,
  tokens: readonly string[],
  traces: readonly UnitTrace[],
): string[] {
  const valuesOf = (name: ActivationName) => traces.find(({ activation }) => activation === name)?.values ?? [];
  if (traces.length === 0 || traces.some(({ values }) => values.length !== tokens.length)) return [];
  if (traces.some(({ values }) => values.some((value) => !Number.isFinite(value))))
    return [l10n.t('Some values of this unit are not finite: they are drawn as missing.')];
  const nameOf = (token: number) => l10n.t('"{0}" (token {1})', visibleToken(tokens[token] ?? ''), token + 1);
  const gate = cells[cell].memoryGate;
  const state: ActivationName = cells[cell].states.length > 1 ? 'cellState' : 'hidden';
  return [
    ...(gate ? describeMemory(say(activationNames[gate].name), valuesOf(gate), nameOf) : []),
    describeChange(say(activationNames[state].name), valuesOf(state), nameOf),
  ];
}

/** Sentences about the gate that keeps the state of a unit. */
function describeMemory(name: string, values: readonly number[], nameOf: (token: number) => string): string[] {
  if (values.length === 0) return [];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const open = values.filter((value) => value > OPEN).length / values.length;
  const memory = -1 / Math.log(Math.min(Math.max(mean, Number.MIN_VALUE), LONGEST_RATE));
  const lowest = values.reduce((best, value, i) => (value < (values[best] ?? value) ? i : best), 0);
  const least = values[lowest] ?? mean;
  return [
    l10n.t(
      'The {0} is {1} on average and open at {2} % of the tokens: the state fades to 1/e in {3}.',
      name,
      mean.toFixed(2),
      formatNumber(Math.round(100 * open)),
      describeMemoryLength(memory, values.length),
    ),
    mean - least < VISIBLE_CHANGE
      ? l10n.t('It hardly changes over this text.')
      : l10n.t('It is lowest at {0}, {1}: there the unit forgets most.', nameOf(lowest), least.toFixed(2)),
  ];
}

function describeMemoryLength(tokens: number, shown: number): string {
  if (tokens > shown) return l10n.t('more tokens than are shown');
  if (tokens < 1) return l10n.t('less than one token');
  return tokens < 1.5 ? l10n.t('about one token') : l10n.t('about {0} tokens', formatNumber(Math.round(tokens)));
}

/** A sentence about the step at which a state changes most. */
function describeChange(name: string, values: readonly number[], nameOf: (token: number) => string): string {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const changeAt = (token: number) => Math.abs((values[token] ?? 0) - (values[token - 1] ?? 0));
  const steps = values.map((_, token) => token).slice(1);
  const most = steps.reduce((best, token) => (changeAt(token) > changeAt(best) ? token : best), steps[0] ?? 0);
  if (most === 0 || changeAt(most) <= VISIBLE_CHANGE * largest) {
    return l10n.t('The {0} hardly changes over this text.', name);
  }
  const [before, after] = [values[most - 1] ?? 0, values[most] ?? 0];
  return l10n.t(
    'The {0} changes most at {1}, from {2} to {3}.',
    name,
    nameOf(most),
    before.toFixed(2),
    after.toFixed(2),
  );
}
