import { shortened } from '../../format/shortened.ts';
import type { MapPicture } from '../../protocol/agentPicture.ts';
import { visibleToken } from '../../protocol/visibleToken.ts';
import { HOLE, INK, mapColor, MUTED, PAPER } from './colors.ts';
import { Raster, TEXT_HEIGHT, widthOf } from './raster.ts';
import { tickLabel } from './ticks.ts';

/** Most pixels between the edges, and limits of the width of a cell. */
const [MOST_WIDTH, NARROW, WIDE] = [760, 2, 32];
const ROW = 24;
const [EDGE, TOP] = [16, 44];
/** Longest label, token and title in characters. */
const [LABEL, TOKEN, TITLE] = [12, 10, 60];
/** Size of the color scale. */
const SCALE = { width: 200, height: 12 } as const;
/** Least width of a picture: the title and the color scale have room. */
const LEAST = 480;

/** A heat map with the tokens below its columns, and a color scale. */
export function drawMap({ title, columns, rows, low, high }: MapPicture): Raster {
  const labels = rows.map(({ label }) => shortened(label, LABEL));
  const tokens = columns.map((token) => shortened(visibleToken(token), TOKEN));
  const left = EDGE + Math.max(0, ...labels.map(widthOf)) + 10;
  const cell = Math.min(WIDE, Math.max(NARROW, Math.floor((MOST_WIDTH - left - EDGE) / Math.max(1, columns.length))));
  // Letters are written below their columns; words are turned, or left out if the columns are too narrow.
  const fits = tokens.every((token) => widthOf(token) + 2 <= cell);
  const isTurned = !fits && cell >= TEXT_HEIGHT;
  const foot = isTurned ? 8 + Math.max(0, ...tokens.map(widthOf)) : TEXT_HEIGHT + 8;
  const bottom = TOP + rows.length * ROW;
  const width = Math.max(LEAST, left + cell * columns.length + EDGE);
  const raster = new Raster(width, bottom + foot + SCALE.height + TEXT_HEIGHT + 32, PAPER);
  const most = Math.floor((width - EDGE) / widthOf('nn')) * 2 - 2;
  raster.text(shortened(title, Math.min(TITLE, most)), { x: EDGE, y: 14 }, INK);
  const isDiverging = low < 0;
  rows.forEach(({ values }, row) => {
    const y = TOP + row * ROW;
    raster.text(labels[row] ?? '', { x: left - 10, y: y + (ROW - TEXT_HEIGHT) / 2 + 1 }, INK, 'end');
    values.forEach((value, column) => {
      const color = value === null ? HOLE : mapColor((value - low) / (high - low || 1), isDiverging);
      raster.fill({ x: left + column * cell, y, width: cell, height: ROW - 1 }, color);
    });
  });
  tokens.forEach((token, column) => {
    const x = left + (column + 0.5) * cell;
    if (fits) raster.text(token, { x, y: bottom + 6 }, INK, 'middle');
    else if (isTurned) raster.textDown(token, { x: x - TEXT_HEIGHT / 2, y: bottom + 6 }, INK);
  });
  if (!fits && !isTurned) raster.text(`${columns.length} tokens`, { x: left, y: bottom + 6 }, MUTED);
  const y = bottom + foot + 14;
  for (let x = 0; x < SCALE.width; x++)
    raster.fill({ x: left + x, y, width: 1, height: SCALE.height }, mapColor(x / (SCALE.width - 1), isDiverging));
  raster.text(tickLabel(low), { x: left, y: y + SCALE.height + 4 }, MUTED);
  raster.text(tickLabel(high), { x: left + SCALE.width, y: y + SCALE.height + 4 }, MUTED, 'end');
  return raster;
}
