export type Attributes = Readonly<Record<string, string | number>>;

/** Returns an element; without content, only its opening tag. Empty attributes are omitted. */
export function tag(name: string, attributes: Attributes, content?: string): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
    .join('');
  return content === undefined ? `<${name}${written}>` : `<${name}${written}>${content}</${name}>`;
}

/** Returns a text at a point. */
export function textTag(x: number, y: number, content: string, attributes: Attributes): string {
  return tag('text', { x: round(x), y: round(y), ...attributes }, escaped(content));
}

/** The opening tag of a picture file. */
export function svgTag({ width, height }: { readonly width: number; readonly height: number }): string {
  return tag('svg', {
    xmlns: 'http://www.w3.org/2000/svg',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    'font-family': 'sans-serif',
    'font-size': 12,
  });
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Control characters that XML forbids, even escaped. */
// eslint-disable-next-line no-control-regex
const FORBIDDEN_IN_XML = /[\0-\x08\x0b\x0c\x0e-\x1f]/g;

function escaped(content: string): string {
  return content.replace(FORBIDDEN_IN_XML, '\ufffd').replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}

/** Rounds to hundredths of a pixel, to keep the file small. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
