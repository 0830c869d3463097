import { cells, hasField } from '../config/cells.ts';
import type { Flow } from '../protocol/flow.ts';
import { measuredAdvice } from '../protocol/advice.ts';
import type { LayerProbe } from '../protocol/probes.ts';
import type { Advice, Occasion, Proposal } from '../protocol/verdicts.ts';
import { phrase, type Text } from '../phrases/phrase.ts';

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

/** Shortest window that the advice proposes. */
const SHORTEST = 10;

/**
 * Advice for the gradient flow of the probed run, and for facts that coincide with a loss that does not fall.
 * @param found verdicts and facts
 * @param flows gradient flows, worst first
 */
export function adviceFor(found: ReadonlySet<string>, settings: RunSettings, flows: readonly Flow[]): Advice[] {
  const [worst] = flows;
  const isMixed = worst?.verdict === 'mixed';
  const explodes = isMixed && worst.share.exploding > 0;
  const vanishes = isMixed && worst.share.vanishing > 0;
  const proposals: [Occasion, Proposal[]][] = [
    ['not-finite', found.has('not-finite') ? againstExplosion(settings) : []],
    ['exploding', found.has('exploding') ? againstExplosion(settings) : []],
    ['vanishing', found.has('vanishing') ? againstVanishing(settings, worst) : []],
    [
      'mixed',
      [...(explodes ? againstExplosion(settings) : []), ...(vanishes ? againstVanishing(settings, worst) : [])],
    ],
    ['clipped', found.has('clipped') ? againstClipping(settings) : []],
    [
      'saturated',
      found.has('saturated')
        ? [
            lowerLearningRate(
              settings,
              phrase(
                'Large steps push gates into saturation, where their gradient is almost zero and learning stalls.',
              ),
            ),
          ]
        : [],
    ],
  ];
  return proposals.flatMap(([occasion, each]) => measuredAdvice(occasion, each));
}

function againstExplosion(settings: RunSettings): Proposal[] {
  const { clipNorm, sequenceLength } = settings;
  return [
    ...(clipNorm === 0 ? [clip()] : []),
    ...(isOrthogonal(settings)
      ? []
      : [orthogonal(phrase('An orthogonal recurrent kernel preserves the norm of the vectors that it multiplies.'))]),
    lowerLearningRate(settings, phrase('Smaller steps keep the weights out of the region where gradients explode.')),
    ...(sequenceLength !== null && sequenceLength / 2 >= SHORTEST
      ? [truncate(Math.floor(sequenceLength / 2), phrase('A gradient that flows back over fewer steps can grow less.'))]
      : []),
  ];
}

function againstVanishing(settings: RunSettings, worst: Flow | undefined): Proposal[] {
  const { cell } = settings;
  const window = Math.max(SHORTEST, worst?.window ?? 0);
  return [
    ...(hasField(cell, 'forgetBias') ? raiseForgetBias(settings, window) : [lstm(cell, window)]),
    ...(cell === 'rnn' && !isOrthogonal(settings)
      ? [
          orthogonal(
            phrase('With an orthogonal recurrent kernel, only the derivative of the activation shrinks the gradient.'),
          ),
        ]
      : []),
  ];
}

function againstClipping(settings: RunSettings): Proposal[] {
  const { clipNorm } = settings;
  return [
    lowerLearningRate(
      settings,
      phrase(
        'When most gradients are clipped, clipping determines the step size. A lower learning rate may need less clipping.',
      ),
    ),
    ...(clipNorm > 0
      ? [
          {
            name: 'raiseClip' as const,
            label: phrase('Clip at norm {0}', 3 * clipNorm),
            why: phrase('Clipping should affect only rare, large gradients.'),
            changes: { 'training.clipNorm': 3 * clipNorm },
          },
        ]
      : []),
  ];
}

function clip(): Proposal {
  return {
    name: 'clip',
    label: phrase('Clip at norm 1'),
    why: phrase('Clipping limits the effect of rare, very large gradients and keeps their direction.'),
    changes: { 'training.clipNorm': 1 },
  };
}

function lowerLearningRate({ learningRate }: RunSettings, why: Text): Proposal {
  const lower = Number((learningRate / 3).toPrecision(1));
  return {
    name: 'lowerLearningRate',
    label: phrase('Learning rate {0}', lower),
    why,
    changes: { 'training.learningRate': lower },
  };
}

function truncate(steps: number, why: Text): Proposal {
  return {
    name: 'truncate',
    label: phrase('Truncate after {0} steps', steps),
    why,
    changes: { 'data.sequenceLength': steps },
  };
}

/**
 * Forget bias whose gates keep about 1/e of the cell state over a window of T steps: sigmoid(ln T) = 1 - 1/(T + 1)
 * (Tallec and Ollivier 2018, "Can recurrent neural networks warp time?").
 */
function biasFor(window: number): number {
  return Math.ceil(10 * Math.log(window)) / 10;
}

function raiseForgetBias({ forgetBias }: RunSettings, window: number): Proposal[] {
  const bias = biasFor(window);
  if (forgetBias >= bias) return [];
  const why = phrase(
    'The forget gates then start so far open that more than a third of the cell state lasts for {0} steps (Tallec and Ollivier 2018).',
    window,
  );
  return [{ name: 'forgetBias', label: phrase('Forget bias {0}', bias), why, changes: { 'model.forgetBias': bias } }];
}

function lstm(cell: RunSettings['cell'], window: number): Proposal {
  const bias = biasFor(window);
  const why = phrase(
    'The cell state of an LSTM carries gradients back through its forget gates, past the recurrent kernel. With this forget bias, more than a third of it lasts for {0} steps (Tallec and Ollivier 2018).',
    window,
  );
  return {
    name: 'lstm',
    label: phrase('LSTM in place of {0}, forget bias {1}', cells[cell].title, bias),
    why,
    changes: { 'model.cell': 'lstm', 'model.forgetBias': bias },
  };
}

function isOrthogonal({ recurrentInitializer, recurrentGain }: RunSettings): boolean {
  return recurrentInitializer === 'orthogonal' && recurrentGain === 1;
}

function orthogonal(why: Text): Proposal {
  const changes = { 'model.recurrentInitializer': 'orthogonal', 'model.recurrentGain': 1 };
  return { name: 'orthogonal', label: phrase('Orthogonal recurrent kernel'), why, changes };
}
