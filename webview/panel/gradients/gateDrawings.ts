import * as l10n from '@vscode/l10n';
import { activationNames } from '../../../src/protocol/activationNames.ts';
import type { GateStatistics } from '../../../src/protocol/probes.ts';
import { svg } from '../../dom.ts';
import { rangeOf, describeSaturation } from './describeGates.ts';
import { say } from '../../../src/phrases/phrase.ts';

const WIDTH = 200;
const HEIGHT = 80;
const SQUARE = 100;

/** Histogram of a gate's activations in equal bins, with the saturated bins highlighted. */
export function histogramDrawing(statistics: GateStatistics): SVGSVGElement {
  const { histogram, gate } = statistics;
  const largest = Math.max(...histogram, Number.MIN_VALUE);
  const width = WIDTH / histogram.length;
  const { low, high } = rangeOf(statistics);
  const bars = histogram.map((share, bin) => {
    const height = (share / largest) * HEIGHT;
    const middle = (bin + 0.5) / histogram.length;
    const saturated = low === 0 ? middle < 0.1 || middle > 0.9 : middle < 0.05 || middle > 0.95;
    return svg('rect', {
      class: saturated ? 'saturated' : 'free',
      x: bin * width + 0.5,
      y: HEIGHT - height,
      width: width - 1,
      height,
    });
  });
  const what = l10n.t('Histogram of the {0}, from {1} to {2}.', say(activationNames[gate].name), low, high);
  const label = `${what} ${describeSaturation(statistics)}`;
  return svg(
    'svg',
    {
      class: 'histogram',
      role: 'img',
      'aria-label': label,
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: 'none',
    },
    ...bars,
  );
}

/**
 * Saturation plot with a dot for each unit: x is the fraction of steps at which it is right-saturated, y that at which
 * it is left-saturated (Karpathy et al. 2015, figure 3). A unit that is never saturated is in the lower left corner.
 */
export function saturationDrawing({ lowByUnit, highByUnit, gate }: GateStatistics): SVGSVGElement {
  const dots = lowByUnit.map((low, unit) =>
    svg('circle', { cx: (highByUnit[unit] ?? 0) * SQUARE, cy: (1 - low) * SQUARE, r: 1.6 }),
  );
  const often = lowByUnit.filter((low, unit) => low + (highByUnit[unit] ?? 0) > 0.5).length;
  const label = l10n.t(
    '{0}: {1} of {2} units are saturated more than half of the time.',
    say(activationNames[gate].name),
    often,
    lowByUnit.length,
  );
  const frame = svg('path', { class: 'frame', d: `M0 0V${SQUARE}H${SQUARE}M0 0L${SQUARE} ${SQUARE}` });
  return svg(
    'svg',
    { class: 'saturation', role: 'img', 'aria-label': label, viewBox: `-3 -3 ${SQUARE + 6} ${SQUARE + 6}` },
    frame,
    ...dots,
  );
}
