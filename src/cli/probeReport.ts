import { describeOdds } from '../protocol/advice.ts';
import { formatPercent } from '../format/percent.ts';
import { judgedDirection, type LayerProbe, type Probe } from '../protocol/probes.ts';
import type { Finding } from '../protocol/verdicts.ts';
import { logPlot } from './logPlot.ts';
import { say, sentences } from '../phrases/phrase.ts';

/**
 * Text report of a probe: the verdicts with their evidence, the curve behind the headline, and a few numbers.
 * @param isImported whether the steps that trained the model are not known
 */
export function probeReport(probe: Probe, { isImported }: { readonly isImported: boolean }): string {
  const { verdict, verdicts, facts, advice, layers, step, source, start, timeSteps, batch, seconds } = probe;
  const { flow } = judgedDirection(probe);
  const on =
    source === 'batch'
      ? `${flow.sequences} sequences of up to ${timeSteps} steps, spread over the validation part`
      : `this text of ${timeSteps} steps; another text may give another verdict`;
  const sections = [
    [
      `${verdict}: ${isImported ? '' : `step ${step}, `}on ${on}`,
      ...verdicts.map((each) => `  ${findingLine(each, layers.length > 1)}`),
      ...facts.map(({ sentence }) => `  ${say(sentence)}`),
    ],
    [
      `Gradient of the last step's loss by lag, relative to lag 0, median over ${flow.sequences === 1 ? 'one sequence' : `${flow.sequences} sequences`}: layer ${flow.layer}, ${flow.direction}`,
      logPlot(flow.median),
    ],
    layers.map((layer, index) => layerLine(layer, probe.flow[index]?.stepsToHundredth ?? null)),
    [
      `${'parameter'.padEnd(32)}${'gradient'.padStart(12)}${'weights'.padStart(12)}`,
      ...probe.parameters.map(
        ({ name, gradientNorm, weightNorm }) =>
          `${name.padEnd(32)}${digits(gradientNorm).padStart(12)}${digits(weightNorm).padStart(12)}`,
      ),
      `${'all'.padEnd(32)}${digits(probe.gradientNorm).padStart(12)}   (clipped to ${digits(probe.clippedGradientNorm)}; ${formatPercent(probe.clippedShare)} of the last 100 steps were clipped)`,
    ],
    advice.map((each, index) => {
      const { label, why, changes } = each;
      const flags = Object.entries(changes).map(([field, value]) => `--set ${field}=${value}`);
      return `${index === 0 ? 'Try next: ' : '      or: '}${say(label)} (${flags.join(' ')}). ${say(sentences(why, describeOdds(each)))}`;
    }),
    [
      `Taken in ${seconds.toFixed(2)} s, from the ${start} state. Gates and parameters: ${batch === 1 ? 'one sequence' : `${batch} sequences`}.`,
    ],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** A verdict, with its layer where there are several. */
function findingLine({ layer, direction, sentence }: Finding, several: boolean): string {
  return several && layer !== null ? `${layer}, ${direction}: ${say(sentence)}` : say(sentence);
}

/** @param lost lag from which on less than 1 % of the gradient is left; null if there is none in the window */
function layerLine(
  { layer, direction, cell, units, sigmaMax, spectralRadius, forgetBias, gates }: LayerProbe,
  lost: number | null,
): string {
  const memory = lost === null ? 'beyond the window' : `${lost} steps`;
  const saturated = gates.map(({ gate, low, high }) => `${gate} ${formatPercent(low + high)}`);
  return [
    `${layer} (${cell}, ${units} units, ${direction}): effective memory ${memory}`,
    `recurrent kernel: largest singular value ${digits(sigmaMax)}, spectral radius ${digits(spectralRadius)}`,
    ...(forgetBias === null ? [] : [`mean forget bias ${digits(forgetBias)}`]),
    ...(saturated.length === 0 ? [] : [`saturated: ${saturated.join(', ')}`]),
  ].join('\n  ');
}

function digits(value: number | null): string {
  return value === null ? 'not finite' : String(Number(value.toPrecision(3)));
}
