import { formatPercent } from '../format/percent.ts';
import { rankAdvice } from '../protocol/advice.ts';
import { type Flow, flowFinding, formatValue, worstFirst } from '../protocol/flow.ts';
import { type Fact, isLayer, type LayerProbe, type Probe } from '../protocol/probes.ts';
import { type Finding, headlineOf } from '../protocol/verdicts.ts';
import { adviceFor, type RunSettings } from './advice.ts';
import { phrase, sentences, type Text } from '../phrases/phrase.ts';

/** Limits of the fraction of clipped steps and of saturated gate values that are worth a mention. */
const CLIPPED = 0.2;
const SATURATED = 0.5;

/** Verdicts on learning of a loss that does not fall, which clipping and saturation may explain. */
const STUCK: readonly Finding['verdict'][] = ['worse-than-uniform', 'no-better-than-counting', 'plateau'];

/** Measurements that a judgment uses. */
export type Measurements = Pick<
  Probe,
  'step' | 'loss' | 'layers' | 'parameters' | 'gradientNorm' | 'clippedShare' | 'flow' | 'forgetting' | 'learning'
>;

/** Facts about the run that a judgment uses. */
export interface JudgedRun {
  readonly settings: RunSettings;
  /** Steps from the loss back to the inputs that decide it; null for data without such a distance. */
  readonly distance: number | null;
  /** Whether another program trained the model, with settings that are not known. */
  readonly isImported?: boolean;
}

/**
 * Judges a probe: what the losses of the run say about learning, then values that are not finite, then the gradient
 * flow of every layer and direction, worst first. Clipping and saturation are facts beside the verdicts, because a
 * network that learns well may have both.
 */
export function judge(
  measurements: Measurements,
  { settings, distance, isImported = false }: JudgedRun,
): Pick<Probe, 'verdict' | 'verdicts' | 'facts' | 'advice'> {
  const { flow, learning } = measurements;
  const learned = learning?.findings ?? [];
  const flows = worstFirst(flow);
  const verdicts = [
    ...learned,
    ...(learned.some(({ verdict }) => verdict === 'not-finite') ? [] : notFinite(measurements)),
    ...flows.map((each) => explained(each, flowFinding(each, distance), measurements.layers, settings)),
  ];
  const verdict = headlineOf(verdicts);
  const stuck = learned.some((each) => STUCK.includes(each.verdict));
  const facts = [
    ...clipped(measurements, settings, stuck),
    ...saturated(measurements.layers, stuck),
    ...(isImported ? [] : untrained(measurements, settings)),
    ...forgotten(measurements),
  ];
  const found = new Set<string>([
    ...verdicts.map((each) => each.verdict),
    ...(stuck ? facts.map(({ fact }) => fact) : []),
  ]);
  return {
    verdict,
    verdicts,
    facts,
    // Advice changes the settings of the training.
    advice: isImported ? [] : rankAdvice([...(learning?.advice ?? []), ...adviceFor(found, settings, flows)]),
  };
}

function notFinite({ loss, parameters, gradientNorm }: Measurements): Finding[] {
  const finding = (sentence: Text): Finding => ({
    verdict: 'not-finite',
    layer: null,
    direction: null,
    sentence,
    numbers: { loss, gradientNorm },
  });
  if (loss === null) return [finding(phrase('The loss is not finite: the forward pass overflows.'))];
  const broken = parameters.find((parameter) => parameter.gradientNorm === null || parameter.weightNorm === null);
  if (!broken) return gradientNorm === null ? [finding(phrase('The gradient is not finite.'))] : [];
  return [
    finding(
      broken.weightNorm === null
        ? phrase('The weights of {0} are not finite.', broken.name)
        : phrase('The gradient of {0} is not finite: the backward pass overflows.', broken.name),
    ),
  ];
}

/**
 * Adds the theory to the verdict on a simple RNN. Pascanu et al. 2013 (section 2.1) covers only that cell; gamma is 1
 * for tanh.
 */
function explained(flow: Flow, finding: Finding, layers: readonly LayerProbe[], { activation }: RunSettings): Finding {
  const probed = layers.find((each) => isLayer(each, flow));
  const sigma = probed?.sigmaMax ?? null;
  if (probed?.cell !== 'rnn' || activation === 'relu' || sigma === null) return finding;
  const theory =
    flow.verdict === 'exploding' && sigma > 1
      ? phrase(
          'The largest singular value of the recurrent kernel is {0}; a value above 1 is necessary but not sufficient for explosion (Pascanu et al. 2013).',
          formatValue(sigma),
        )
      : flow.verdict === 'vanishing' && sigma < 1
        ? phrase(
            'The largest singular value of the recurrent kernel is {0}; a value below 1 is sufficient for vanishing (Pascanu et al. 2013).',
            formatValue(sigma),
          )
        : '';
  return { ...finding, sentence: sentences(finding.sentence, theory) };
}

function clipped({ clippedShare }: Measurements, { clipNorm, clipValue }: RunSettings, stuck: boolean): Fact[] {
  if (clippedShare <= CLIPPED) return [];
  const threshold =
    clipNorm > 0 ? phrase('a norm of {0}', formatValue(clipNorm)) : phrase('a value of {0}', formatValue(clipValue));
  const meaning = stuck
    ? phrase('The loss does not fall: clipping may be what sets the size of the steps.')
    : phrase('That is normal for this threshold while the training loss falls.');
  return [
    {
      fact: 'clipped',
      sentence: sentences(
        phrase(
          'Training clipped the gradient to {0} in {1} of the last 100 steps.',
          threshold,
          formatPercent(clippedShare),
        ),
        meaning,
      ),
      numbers: { clippedShare, clipNorm, clipValue },
    },
  ];
}

/** The layer with the most saturated gates, if those are more than half. */
function saturated(layers: readonly LayerProbe[], stuck: boolean): Fact[] {
  const shares = layers.map(({ gates }) => gates.reduce((sum, { low, high }) => sum + low + high, 0) / gates.length);
  // The share of a layer without gates is NaN.
  const share = Math.max(0, ...shares.filter((each) => !Number.isNaN(each)));
  const layer = layers[shares.indexOf(share)];
  if (!layer || share <= SATURATED) return [];
  const [of, named] = [formatPercent(share), layer.layer];
  const fact =
    layer.gates[0]?.gate === 'hidden'
      ? phrase('{0} of the hidden values of {1} are saturated.', of, named)
      : phrase(
          '{0} of the gate activations (below 0.1 or above 0.9; candidates: below -0.9 or above 0.9) of {1} are saturated.',
          of,
          named,
        );
  const meaning = stuck
    ? phrase(
        'The loss does not fall. At a saturated value, the slope of the sigmoid is at most 36 % of its maximum, and that of tanh at most 19 %.',
      )
    : phrase('That is common in a trained network and no problem while the training loss falls.');
  return [
    {
      fact: 'saturated',
      sentence: sentences(fact, meaning),
      numbers: { share },
    },
  ];
}

/** Loss that the context beyond the reach of the gradient saves, as a sentence. */
function forgotten({ forgetting }: Measurements): Fact[] {
  if (!forgetting) return [];
  const { context, cut, full, error, positions } = forgetting;
  const cost = cut - full;
  const meaning =
    Math.abs(cost) < 2 * error
      ? phrase('The model makes no measurable use of what lies further back.')
      : cost > 0
        ? phrase('The model uses what lies further back.')
        : phrase('What lies further back misleads the model.');
  return [
    {
      fact: 'forgetting',
      sentence: sentences(
        phrase(
          'With a context of only {0} tokens, the loss is {1} in place of {2}: a cost of {3} with a standard error of {4}, over {5} positions.',
          context,
          cut.toFixed(3),
          full.toFixed(3),
          cost.toFixed(3),
          error.toFixed(3),
          positions,
        ),
        meaning,
      ),
      numbers: { context, cut, full, cost, error },
    },
  ];
}

/** Why the cells differ at their initial weights, where the simple RNN may carry a gradient further than an LSTM. */
function untrained({ step, layers }: Measurements, settings: RunSettings): Fact[] {
  const [layer] = layers;
  if (step > 0 || !layer) return [];
  const { forgetBias, recurrentGain, recurrentInitializer } = settings;
  const kept = 1 / (1 + Math.exp(-forgetBias));
  const sentence = {
    lstm: phrase(
      'The weights are untrained. A forget bias of {0} opens the forget gates to about {1}, so the cell state loses a constant fraction per step until training opens them.',
      formatValue(forgetBias),
      formatValue(kept),
    ),
    gru: phrase(
      'The weights are untrained. The update gates start at about 0.5, so about half of the state is replaced at each step until training changes that.',
    ),
    rnn:
      recurrentInitializer === 'orthogonal'
        ? phrase(
            'The weights are untrained. The initial recurrent kernel is orthogonal with a gain of {0}: it multiplies the norm of a gradient by that gain, and only the activation shrinks it.',
            formatValue(recurrentGain),
          )
        : undefined,
  }[layer.cell];
  if (sentence === undefined) return [];
  return [{ fact: 'untrained', sentence, numbers: layer.cell === 'lstm' ? { kept } : {} }];
}
