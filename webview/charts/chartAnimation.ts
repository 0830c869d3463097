import * as l10n from '@vscode/l10n';
import { evenly } from '../../src/format/evenly.ts';
import {
  type AnimationFrame,
  type AnimationOptions,
  encodeAnimation,
  frameLimit,
  type ThroughTraining,
} from './animation.ts';
import { growthOf } from './growth.ts';
import { formatCount } from './number.ts';
import { drawPicture } from './picture.ts';
import { pictureTheme } from './pictureThemes.ts';
import type { Points } from './points.ts';
import type { Range } from './scale.ts';
import type { Scene } from './scene.ts';
import type { ChartSettings, ChartSpec } from './spec.ts';
import { readTheme } from './theme.ts';
import { xTexts } from './xTexts.ts';

/** A chart to animate. */
interface AnimatedChart {
  /** The chart as it is shown. */
  readonly scene: Scene;
  /** Its curves through training; null if they grow along the x axis. */
  readonly through: ThroughTraining<ReadonlyMap<string, Points>> | null;
  /** Builds the scene of other curves, in the settings of the chart; null without points. */
  readonly build: (curves: ReadonlyMap<string, Points>, change: Partial<ChartSettings>) => Scene | null;
}

/** Quantities of an x axis along which curves grow while a network is trained. */
const OVER_TRAINING: ReadonlySet<ChartSpec['xName']> = new Set(['step', 'second', 'item']);

/** Whether the x axis of a chart is the course of training. */
export function growsThroughTraining({ xName }: ChartSpec): boolean {
  return OVER_TRAINING.has(xName);
}

/**
 * Draws a chart through training as an animated PNG in base64: its curves grow, or each measurement is a picture. The
 * axes are the same in all pictures.
 * @throws Error if there are fewer than two measurements
 */
export async function animateChart(
  chart: AnimatedChart,
  options: AnimationOptions,
  progress: (done: number, of: number) => void,
): Promise<string> {
  const limit = frameLimit(options);
  const scenes = chart.through
    ? await measuredScenes(chart.through, chart.build, limit)
    : growthOf(chart.scene, limit).map(({ scene, x, span }) => ({ scene: titled(scene, scene.xName, x), span }));
  if (scenes.length < 2) throw new Error(tooFewPictures());
  const theme = pictureTheme(readTheme(), options.theme);
  const frames: AnimationFrame[] = scenes.map(({ scene, span }) => ({
    draw: () => drawPicture(scene, theme, options),
    span,
  }));
  return encodeAnimation(frames, options.seconds, progress);
}

/** Says why there is no animation. */
export function tooFewPictures(): string {
  return l10n.t('There are no two measurements yet, which an animation needs.');
}

/** A scene for each measurement, on axes that have room for all. */
async function measuredScenes(
  { steps, at }: ThroughTraining<ReadonlyMap<string, Points>>,
  build: AnimatedChart['build'],
  limit: number,
): Promise<{ readonly scene: Scene; readonly span: number }[]> {
  const measured: { readonly step: number; readonly curves: ReadonlyMap<string, Points>; readonly scene: Scene }[] = [];
  for (const index of evenly(steps.length, limit)) {
    const step = steps[index] ?? 0;
    const curves = await at(step);
    const scene = build(curves, {});
    if (scene) measured.push({ step, curves, scene });
  }
  const x = unionOf(measured.map(({ scene }) => scene.x));
  const range = unionOf(measured.map(({ scene }) => scene.y));
  return measured.flatMap(({ step, curves }) => {
    const scene = build(curves, { range });
    return scene ? [{ scene: titled({ ...scene, x }, 'step', step), span: 1 }] : [];
  });
}

/** A scene whose title says how far training has come. */
function titled(scene: Scene, xName: ChartSpec['xName'], x: number): Scene {
  return { ...scene, title: l10n.t('{0}, {1}', scene.title, xTexts[xName].at(formatCount(Math.round(x)))) };
}

function unionOf(ranges: readonly Range[]): Range {
  return { min: Math.min(...ranges.map(({ min }) => min)), max: Math.max(...ranges.map(({ max }) => max)) };
}
