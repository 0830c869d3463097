/** Target of a link in a report: a web page, a heading of the report, or a file by its path relative to the report. */
export type LinkTarget =
  | { readonly kind: 'web'; readonly url: string }
  | { readonly kind: 'heading'; readonly id: string }
  | { readonly kind: 'file'; readonly path: string };

/**
 * Reads the target of a link. Only web pages over http and https, headings and relative paths are targets: a link with
 * another scheme, a path from the root, or a path to another computer is text.
 */
export function linkTarget(href: string): LinkTarget | undefined {
  // eslint-disable-next-line no-control-regex -- such characters are ignored in addresses
  if (href === '' || /[\x00-\x20\\]/.test(href)) return undefined;
  if (/^https?:\/\/[^/]/i.test(href)) return { kind: 'web', url: href };
  if (href.startsWith('#')) return { kind: 'heading', id: headingId(decoded(href.slice(1))) };
  if (/^[a-z][a-z\d+.-]*:/i.test(href) || href.startsWith('/')) return undefined;
  const path = decoded(href.replace(/[?#].*$/, ''));
  return path === '' || /^[a-z]:|^[/\\]|\\|\0/i.test(path) ? undefined : { kind: 'file', path };
}

/** Id of a heading: its words in small letters with hyphens, as on GitHub. */
export function headingId(text: string): string {
  const words = text.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '');
  return words.trim().replaceAll(/\s+/g, '-');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
