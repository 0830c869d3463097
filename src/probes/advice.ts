import { cells, hasField } from '../config/cells.ts';
import type { Flow } from '../protocol/flow.ts';
import type { Fact, LayerProbe } from '../protocol/probes.ts';
import type { Advice, Finding } from '../protocol/verdicts.ts';

/** Fields of a run's configuration that advice changes, by their names there. */
export interface RunSettings {
  readonly cell: LayerProbe['cell'];
  /** Activation of the cell rnn. */
  readonly activation: 'tanh' | 'relu' | 'linear';
  readonly forgetBias: number;
  readonly recurrentInitializer: string;
  /** Factor on the initial recurrent kernel. */
  readonly recurrentGain: number;
  readonly learningRate: number;
  /** Largest gradient norm; 0 turns clipping off. */
  readonly clipNorm: number;
  readonly clipValue: number;
  /** Length of the training window; null for tasks whose window cannot be changed. */
  readonly sequenceLength: number | null;
}

/** What advice is given for: a verdict, or a fact that coincides with a loss that does not fall. */
export type Occasion = Finding['verdict'] | Fact['fact'];

/** Shortest window that the advice proposes. */
const SHORTEST = 10;

/**
 * Proposed changes of the probed run, most promising first.
 * @param flows gradient flows, worst first
 */
export function adviceFor(found: ReadonlySet<Occasion>, settings: RunSettings, flows: readonly Flow[]): Advice[] {
  const mixed = flows.filter(({ verdict }) => verdict === 'mixed');
  const explodes = found.has('exploding') || found.has('not-finite') || mixed.some(({ share }) => share.exploding > 0);
  const vanishes = found.has('vanishing') || mixed.some(({ share }) => share.vanishing > 0);
  const memory = flows.find(({ stepsToHundredth }) => stepsToHundredth !== null)?.stepsToHundredth ?? null;
  return [
    ...(explodes ? againstExplosion(settings) : []),
    ...(vanishes ? againstVanishing(settings, memory) : []),
    ...(found.has('clipped') ? againstClipping(settings) : []),
    ...(found.has('saturated')
      ? [
          lowerLearningRate(
            settings,
            'Large steps push gates into saturation, where their gradient is almost zero and learning stalls.',
          ),
        ]
      : []),
  ];
}

function againstExplosion(settings: RunSettings): Advice[] {
  const { clipNorm, sequenceLength } = settings;
  return [
    ...(clipNorm === 0 ? [clip()] : []),
    ...(isOrthogonal(settings)
      ? []
      : [orthogonal('An orthogonal recurrent kernel preserves the norm of the vectors that it multiplies.')]),
    lowerLearningRate(settings, 'Smaller steps keep the weights out of the region where gradients explode.'),
    ...(sequenceLength !== null && sequenceLength / 2 >= SHORTEST
      ? [truncate(Math.floor(sequenceLength / 2), 'A gradient that flows back over fewer steps can grow less.')]
      : []),
  ];
}

/** @param memory lag from which on less than 1 % of the gradient is left */
function againstVanishing(settings: RunSettings, memory: number | null): Advice[] {
  const { cell, sequenceLength } = settings;
  const reach = Math.max(SHORTEST, 2 * (memory ?? Infinity));
  return [
    ...(hasField(cell, 'forgetBias') ? raiseForgetBias(settings) : [lstm(cell)]),
    ...(cell === 'rnn' && !isOrthogonal(settings)
      ? [orthogonal('With an orthogonal recurrent kernel, only the derivative of the activation shrinks the gradient.')]
      : []),
    ...(sequenceLength !== null && reach < sequenceLength
      ? [
          truncate(
            reach,
            `From lag ${memory} on, less than 1 % of the gradient remains. Shorter windows lose little and train faster.`,
          ),
        ]
      : []),
  ];
}

function againstClipping(settings: RunSettings): Advice[] {
  const { clipNorm } = settings;
  return [
    lowerLearningRate(
      settings,
      'When most gradients are clipped, clipping determines the step size. A lower learning rate may need less clipping.',
    ),
    ...(clipNorm > 0
      ? [
          {
            name: 'raiseClip' as const,
            label: `Clip at norm ${3 * clipNorm}`,
            why: 'Clipping should affect only rare, large gradients.',
            changes: { 'training.clipNorm': 3 * clipNorm },
          },
        ]
      : []),
  ];
}

function clip(): Advice {
  return {
    name: 'clip',
    label: 'Clip at norm 1',
    why: 'Clipping limits the effect of rare, very large gradients and keeps their direction.',
    changes: { 'training.clipNorm': 1 },
  };
}

function lowerLearningRate({ learningRate }: RunSettings, why: string): Advice {
  const lower = Number((learningRate / 3).toPrecision(1));
  return {
    name: 'lowerLearningRate',
    label: `Learning rate ${lower}`,
    why,
    changes: { 'training.learningRate': lower },
  };
}

function truncate(steps: number, why: string): Advice {
  return { name: 'truncate', label: `Truncate after ${steps} steps`, why, changes: { 'data.sequenceLength': steps } };
}

function raiseForgetBias({ forgetBias }: RunSettings): Advice[] {
  const next = [1, 3].find((bias) => bias > forgetBias);
  if (next === undefined) return [];
  const why = 'The forget gates then start almost open and pass the cell state and its gradient back almost unchanged.';
  return [{ name: 'forgetBias', label: `Forget bias ${next}`, why, changes: { 'model.forgetBias': next } }];
}

/** Proposes an LSTM with a forget bias of 3: with 1 the gradient still vanishes at lag 20. */
function lstm(cell: RunSettings['cell']): Advice {
  const why = 'The cell state of an LSTM carries gradients back through its forget gates, past the recurrent kernel.';
  return {
    name: 'lstm',
    label: `LSTM in place of ${cells[cell].title}`,
    why,
    changes: { 'model.cell': 'lstm', 'model.forgetBias': 3 },
  };
}

function isOrthogonal({ recurrentInitializer, recurrentGain }: RunSettings): boolean {
  return recurrentInitializer === 'orthogonal' && recurrentGain === 1;
}

function orthogonal(why: string): Advice {
  const changes = { 'model.recurrentInitializer': 'orthogonal', 'model.recurrentGain': 1 };
  return { name: 'orthogonal', label: 'Orthogonal recurrent kernel', why, changes };
}
