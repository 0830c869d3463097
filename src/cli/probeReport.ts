import { formatPercent } from '../format/percent.ts';
import { leading } from '../probes/probed.ts';
import type { LayerProbe, Probe } from '../protocol/probes.ts';
import { logPlot } from './logPlot.ts';

/** Text report of a probe: the verdict with its reasons, the curve of the last step, and a few numbers. */
export function probeReport({ verdict, layers, step, source, timeSteps, batch, seconds, ...probe }: Probe): string {
  const layer = leading(layers);
  const on =
    source === 'batch' ? `the run's probe batch of ${batch} x ${timeSteps} steps` : `a text of ${timeSteps} steps`;
  const sections = [
    [`${verdict.verdict}: step ${step}, on ${on}`, ...verdict.reasons.map(({ sentence }) => `  ${sentence}`)],
    [
      `Gradient of the last step's loss by lag, relative to lag 0: layer ${layer.layer}, ${layer.direction}`,
      logPlot(layer.lastStep.h),
    ],
    layers.map(layerLine),
    [
      `${'parameter'.padEnd(32)}${'gradient'.padStart(12)}${'weights'.padStart(12)}`,
      ...probe.parameters.map(
        ({ name, gradientNorm, weightNorm }) =>
          `${name.padEnd(32)}${digits(gradientNorm).padStart(12)}${digits(weightNorm).padStart(12)}`,
      ),
      `${'all'.padEnd(32)}${digits(probe.gradientNorm).padStart(12)}   (clipped to ${digits(probe.clippedGradientNorm)}; ${formatPercent(probe.clippedShare)} of the last 100 steps were clipped)`,
    ],
    verdict.advice.map(({ label, why, changes }, index) => {
      const flags = Object.entries(changes).map(([field, value]) => `--set ${field}=${value}`);
      return `${index === 0 ? 'Try next: ' : '      or: '}${label} (${flags.join(' ')}). ${why}`;
    }),
    [`Taken in ${seconds.toFixed(2)} s.`],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function layerLine({
  layer,
  direction,
  cell,
  units,
  effectiveMemory,
  sigmaMax,
  spectralRadius,
  forgetBias,
  gates,
}: LayerProbe): string {
  const memory = effectiveMemory === null ? 'beyond the window' : `${effectiveMemory} steps`;
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
