/** Syntax of the rows of a table. The delimiter of "delimited" is detected from the first lines. */
type TableSyntax = 'delimited' | 'tsv' | 'jsonl';

/**
 * Contents of a file according to its name: rows of cells, tagged words, plain text, a table whose file is not text, or
 * an archive of texts.
 */
export type NamedFormat =
  | { readonly kind: 'table'; readonly syntax: TableSyntax }
  | { readonly kind: 'tagged' | 'text' | 'packed' | 'archive' };

/**
 * Formats of data files by extension. The readers and the menus of package.json (through `npm run generate`) read this
 * table.
 */
const FORMATS: Readonly<Record<string, NamedFormat>> = {
  csv: { kind: 'table', syntax: 'delimited' },
  tsv: { kind: 'table', syntax: 'tsv' },
  tab: { kind: 'table', syntax: 'tsv' },
  jsonl: { kind: 'table', syntax: 'jsonl' },
  ndjson: { kind: 'table', syntax: 'jsonl' },
  conll: { kind: 'tagged' },
  conllu: { kind: 'tagged' },
  conll03: { kind: 'tagged' },
  iob: { kind: 'tagged' },
  iob2: { kind: 'tagged' },
  bio: { kind: 'tagged' },
  txt: { kind: 'text' },
  parquet: { kind: 'packed' },
  arrow: { kind: 'packed' },
  arrows: { kind: 'packed' },
  feather: { kind: 'packed' },
  xlsx: { kind: 'packed' },
  npz: { kind: 'packed' },
  npy: { kind: 'packed' },
  zip: { kind: 'archive' },
};

/** Formats whose files may be packed with gzip, which adds an extension to the name. */
const TEXTS: ReadonlySet<NamedFormat['kind']> = new Set(['table', 'tagged', 'text']);

const GZIP = /\.gz$/i;

/** The format of a file by its name; undefined for an unknown extension. That of a text packed with gzip is its own. */
export function formatByName(name: string): NamedFormat | undefined {
  const extension = /\.([a-z0-9]+)$/i.exec(name.replace(GZIP, ''))?.[1]?.toLowerCase() ?? '';
  const format = Object.hasOwn(FORMATS, extension) ? FORMATS[extension] : undefined;
  return format && isGzipName(name) && !TEXTS.has(format.kind) ? undefined : format;
}

/** Whether the name of a file says that it is packed with gzip. */
function isGzipName(name: string): boolean {
  return GZIP.test(name);
}

/** Whether the name of a file says that it is not text, though its data can be read. */
export function isBinaryName(name: string): boolean {
  const kind = formatByName(name)?.kind;
  return isGzipName(name) || kind === 'packed' || kind === 'archive';
}

/** A case-insensitive regular expression for the names of files of some kinds; texts also packed with gzip. */
export function namePattern(...kinds: readonly NamedFormat['kind'][]): string {
  const extensions = (areTexts: boolean) =>
    Object.entries(FORMATS)
      .filter(([, { kind }]) => kinds.includes(kind) && TEXTS.has(kind) === areTexts)
      .map(([extension]) => extension)
      .join('|');
  const [texts, others] = [extensions(true), extensions(false)];
  const ofTexts = texts === '' ? [] : [`(${texts})(\\.gz)?`];
  return `\\.(${[...ofTexts, ...(others === '' ? [] : [others])].join('|')})$`;
}

/** Extensions of text files that a folder of documents consists of: prose, markup and source code. */
const DOCUMENTS: ReadonlySet<string> = new Set(
  [
    'txt|text|md|markdown|mdx|rst|adoc|asciidoc|org|tex|textile|wiki|srt',
    'html|htm|xhtml|xml|svg|css|scss|less',
    'c|h|cc|cpp|hpp|cxx|cs|java|kt|kts|scala|go|rs|swift|m|mm|d|zig',
    'js|mjs|cjs|jsx|ts|mts|cts|tsx|vue|svelte',
    'py|pyi|rb|php|pl|pm|lua|r|jl|sh|bash|zsh|fish|ps1|bat|sql',
    'hs|ml|mli|fs|fsx|clj|cljs|lisp|el|scm|erl|ex|exs|f90|f95|pas|vb|asm|s|v|vhd',
    'abc|ly|fasta|fa|pgn',
  ].flatMap((line) => line.split('|')),
);

/** Whether the name of a file is one of a text that a folder of documents consists of. */
export function isDocumentName(name: string): boolean {
  return DOCUMENTS.has(/\.([a-z0-9]+)$/i.exec(name.replace(GZIP, ''))?.[1]?.toLowerCase() ?? '');
}
