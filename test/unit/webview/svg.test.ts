import assert from 'node:assert/strict';
import type { Scene } from '../../../webview/charts/scene.ts';
import { writeSvg } from '../../../webview/charts/svg.ts';

const style = {
  width: 640,
  height: 400,
  background: '#fff',
  foreground: '#000',
  muted: '#555',
  grid: '#ddd',
  colors: { blue: '#00f', orange: '#f80', purple: '#808', green: '#080', yellow: '#aa0', red: '#f00' },
  runColors: [],
};

const scene: Scene = {
  title: 'Loss <b>&"',
  unit: 'nats',
  kind: 'linear',
  xName: 'step',
  x: { min: 0, max: 10 },
  y: { min: 0, max: 4 },
  strokes: [
    {
      label: 'training',
      color: 'blue',
      dash: [],
      faint: false,
      points: { x: [0, 5, 6, 10], y: [4, null, 2, 0] },
      radii: 0,
      joined: true,
    },
    {
      label: 'validation',
      color: 'orange',
      dash: [6, 4],
      faint: false,
      points: { x: [5], y: [2] },
      radii: 2.5,
      joined: true,
    },
  ],
  references: [
    { label: 'bigram', value: 2.45 },
    { label: 'uniform', value: 5 },
  ],
  bands: [
    {
      color: 'blue',
      outline: [
        { x: 0, y: 1 },
        { x: 10, y: 1 },
        { x: 10, y: 3 },
      ],
    },
  ],
  marks: [{ label: 'cut & gone', x: 8 }],
  notes: [],
};

describe('the SVG writer', () => {
  const svg = writeSvg(scene, style);

  it('writes balanced elements', () => {
    const open: string[] = [];
    for (const [, close, name, attributes = ''] of svg.matchAll(/<(\/?)([a-zA-Z]+)([^<>]*)>/g)) {
      if (close) assert.equal(open.pop(), name);
      else if (!attributes.endsWith('/')) open.push(name ?? '');
    }
    assert.deepEqual(open, []);
  });

  it('escapes text', () => {
    assert.ok(svg.includes('Loss &lt;b&gt;&amp;&quot; (nats)'));
    assert.ok(!writeSvg({ ...scene, title: 'a\0b' }, style).includes('\0'));
  });

  it('draws from corner to corner, with gaps', () => {
    assert.ok(svg.includes('d="M64 56M400 208L624 360"'));
  });

  it('draws dots, dashes, a line for a reference inside the plot and an arrow for one outside', () => {
    assert.match(svg, /<circle [^>]*fill="#f80"/);
    assert.match(svg, /stroke-dasharray="6 4"/);
    assert.match(svg, />bigram 2\.45</);
    assert.match(svg, />\u2191 uniform 5\.00</);
    assert.equal(svg.match(/stroke-dasharray="2 4"/g)?.length, 1);
  });

  it('draws a mark from top to bottom, with its label on the side with more space', () => {
    assert.match(svg, /<line x1="512" y1="56" x2="512" y2="360" [^>]*stroke-dasharray="2 2"/);
    const [, x = '', y = '', angle = ''] =
      /<text x="([\d.]+)" y="([\d.]+)" [^>]*transform="rotate\((-90) \1 \2\)">cut &amp; gone</.exec(svg) ?? [];
    assert.equal(angle, '-90');
    assert.ok(Number(x) < 512 && Number(x) > 500 && Number(y) > 56 && Number(y) < 360);
  });

  it('lists every curve once in the legend, smoothed or not', () => {
    const [first] = scene.strokes;
    assert.ok(first);
    const smoothed = writeSvg({ ...scene, strokes: [{ ...first, faint: true }, first] }, style);
    assert.equal(smoothed.match(/>training</g)?.length, 1);
  });
});
