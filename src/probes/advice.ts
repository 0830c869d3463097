import { cells, hasField } from '../config/cells.ts';
import type { LayerProbe, Verdict, VerdictName } from '../protocol/probes.ts';

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

type Advice = Verdict['advice'][number];

/** Shortest window that the advice proposes. */
const SHORTEST = 10;

/** Proposed changes of the probed run, most promising first. */
export function adviceFor(found: ReadonlySet<VerdictName>, settings: RunSettings, layer: LayerProbe): Advice[] {
  const advice = [
    ...(found.has('exploding') ? againstExplosion(settings) : []),
    ...(found.has('vanishing') ? againstVanishing(settings, layer) : []),
    ...(found.has('clipped') ? againstClipping(settings) : []),
    ...(found.has('saturated')
      ? [
          lowerLearningRate(
            settings,
            'Large steps drive gates into saturation, where their slopes are almost zero and they hardly learn.',
          ),
        ]
      : []),
  ];
  // Two verdicts may propose the same change for different reasons. Keep that of the more severe one.
  return advice.filter((one, index) => advice.findIndex(({ name }) => name === one.name) === index);
}

function againstExplosion(settings: RunSettings): Advice[] {
  const { clipNorm, sequenceLength } = settings;
  return [
    ...(clipNorm === 0 ? [clip()] : []),
    ...(isOrthogonal(settings)
      ? []
      : [orthogonal('An orthogonal recurrent kernel neither stretches nor shrinks what it multiplies.')]),
    lowerLearningRate(settings, 'Smaller steps keep the weights out of the region where gradients explode.'),
    ...(sequenceLength !== null && sequenceLength / 2 >= SHORTEST
      ? [truncate(Math.floor(sequenceLength / 2), 'The fewer steps a gradient flows back, the less it can grow.')]
      : []),
  ];
}

function againstVanishing(settings: RunSettings, { effectiveMemory }: LayerProbe): Advice[] {
  const { cell, sequenceLength } = settings;
  const reach = Math.max(SHORTEST, 2 * (effectiveMemory ?? Infinity));
  return [
    ...(hasField(cell, 'forgetBias') ? raiseForgetBias(settings) : [lstm(cell)]),
    ...(cell === 'rnn' && !isOrthogonal(settings)
      ? [orthogonal('With an orthogonal recurrent kernel only the slopes of the activation shrink the gradient.')]
      : []),
    ...(sequenceLength !== null && reach < sequenceLength
      ? [
          truncate(
            reach,
            `Beyond lag ${effectiveMemory} less than 1 % of the gradient is left: shorter windows lose little and train faster.`,
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
      'Where most gradients are clipped, the clipping sets the step size; a smaller one may need less of it.',
    ),
    ...(clipNorm > 0
      ? [
          {
            name: 'raiseClip' as const,
            label: `Clip at norm ${3 * clipNorm}`,
            why: 'Only rare, large gradients are meant to be clipped.',
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
    why: 'A rare, very large gradient then no longer throws the weights far away; its direction stays.',
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
  const why =
    'The cell state then passes through the forget gates almost unchanged at first, and the gradient with it.';
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
