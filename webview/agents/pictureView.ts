import * as l10n from '@vscode/l10n';
import type { AgentPicture, CurvesPicture, MapPicture } from '../../src/protocol/agentPicture.ts';
import { visibleToken } from '../../src/protocol/visibleToken.ts';
import { ChartCard } from '../charts/chartCard.ts';
import { HeatMap } from '../charts/heatMap.ts';
import type { HeatMapScene } from '../charts/heatMapScene.ts';
import { formatNumber } from '../charts/number.ts';
import { onThemeChange } from '../charts/theme.ts';
import type { ChartSpec } from '../charts/spec.ts';
import { h } from '../dom.ts';
import type { Frames } from '../frames.ts';

/** Dashes of the curves, which tell them apart without color. */
const DASHES = [[], [6, 4], [2, 3]] as const;
/** Largest byte of a map. */
const LARGEST = 255;
/** Space for words above the columns and for the labels of the rows, in pixels. */
const [LEFT, LETTER_WIDTH, MOST_TOP] = [64, 9, 110];

/** What a picture shows. */
export function pictureView(picture: AgentPicture, frames: Frames): HTMLElement {
  return picture.kind === 'curves' ? curvesView(picture, frames) : mapView(picture, frames);
}

function curvesView({ title, unit, curves }: CurvesPicture, frames: Frames): HTMLElement {
  const keyOf = (i: number) => `curve-${i}`;
  const spec: ChartSpec = {
    id: 'agent',
    title,
    xName: 'step',
    unit,
    lines: curves.map(({ label }, i) => ({
      key: keyOf(i),
      label,
      color: i,
      dash: DASHES[i % DASHES.length] ?? [],
      smoothable: false,
    })),
    defaults: { logarithmic: false, smoothing: 0, range: 'fit', table: false },
    describe: (value) => (unit === '' ? formatNumber(value) : `${formatNumber(value)} ${unit}`),
  };
  const points = curves.map(
    ({ points: pairs }, i) => [keyOf(i), { x: pairs.map(([x]) => x), y: pairs.map(([, y]) => y) }] as const,
  );
  const card = new ChartCard(
    spec,
    spec.defaults,
    {
      frames,
      curves: new Map(points),
      references: () => [],
      marks: () => [],
      emptyText: () => l10n.t('No points yet.'),
      missingText: () => '',
      settingsChanged: () => undefined,
      // A page in a sandbox saves no files: the style sheet hides the buttons.
      saveFile: () => undefined,
    },
    h('h1', {}, title),
  );
  onThemeChange(() => card.recolor());
  card.refresh();
  return card.element;
}

function mapView(picture: MapPicture, frames: Frames): HTMLElement {
  const { title } = picture;
  const map = new HeatMap({ title, frames, saveFile: () => undefined });
  map.show(sceneOf(picture));
  return h('section', { class: 'card', 'aria-label': title }, h('h1', {}, title), map.element);
}

function sceneOf({ title, columns, rows, low, high }: MapPicture): HeatMapScene {
  const values = rows.flatMap((row) => row.values);
  const byteOf = (value: number) => Math.round((LARGEST * (value - low)) / (high - low || 1));
  const valueAt = (row: number, column: number) => rows[row]?.values[column] ?? null;
  const label = (row: number) => rows[row]?.label ?? '';
  const tokens = columns.map(visibleToken);
  const token = (column: number) => tokens[column] ?? '';
  const longest = Math.max(0, ...tokens.map((each) => Array.from(each).length));
  return {
    title,
    rows: {
      count: rows.length,
      title: l10n.t('unit'),
      label: (row) => label(row).replace(/^unit /, ''),
      name: label,
      thinnable: false,
    },
    columns: { count: columns.length, title: l10n.t('token'), label: token, name: token, thinnable: false },
    values: Uint8Array.from(values, (value) => byteOf(value ?? low)),
    holes: values.includes(null) ? Uint8Array.from(values, (value) => Number(value === null)) : null,
    palette: low < 0 ? 'diverging' : 'sequential',
    // Letters stand upright where there is no space for words.
    ...(longest > 1 && { labelSpace: { left: LEFT, top: Math.min(MOST_TOP, LETTER_WIDTH * longest) } }),
    low: formatNumber(low),
    high: formatNumber(high),
    text: ({ row, column }) => formatNumber(valueAt(row, column) ?? NaN),
    details: () => [],
  };
}
