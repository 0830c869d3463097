import type { Documented } from '../dataFormat.ts';

const table = {
  kind: 'table',
  tasks: ['classification', 'sequence-to-sequence', 'forecasting', 'language-model'],
} as const;

// eslint-disable-next-line lab/translated -- an example
const REVIEWS = 'text (string)  stars (int64)\nwarm soup      5\ncold soup      1\nfine day       4\n';

/** The formats of data whose files are not text, and of packed texts. Examples show what the files contain. */
export const packedFormats: readonly Documented[] = [
  {
    documented: {
      ...table,
      title: 'Parquet',
      example: { 'reviews.parquet': REVIEWS },
      detected: '`PAR1` at the beginning and at the end',
      notes:
        'Uncompressed, Snappy, gzip, Brotli, zstd and LZ4. Fields of structs have a path, such as `meta.stars`; lists and maps are read as JSON, and lists of words and of tags as tagged sentences. Columns of bytes are named and left out',
    },
  },
  {
    documented: {
      ...table,
      title: 'Arrow: files, streams and Feather version 2',
      example: { 'reviews.arrow': REVIEWS },
      detected: '`ARROW1` at the beginning, or the first message of a stream',
      notes: 'Uncompressed, LZ4 and zstd. Dictionaries are read as their values; nested columns as in Parquet',
    },
  },
  {
    documented: {
      ...table,
      title: 'Excel workbook (`.xlsx`)',
      example: { 'reviews.xlsx': 'text       stars\nwarm soup  4.5\ncold soup  1\nfine day   3.5\n' },
      detected: 'a ZIP archive with the parts of a workbook',
      notes:
        'The first sheet, or `data.sheet`. Values as they are stored: formulas are not computed. Numbers in a date format are dates. Rows above the table are left out',
    },
  },
  {
    documented: {
      ...table,
      title: 'NumPy arrays (`.npy`, `.npz`)',
      example: { 'wind.npz': 'gust [3] (int64)    7     9     18\nwind [3] (float64)  3.5   4.25  10.5\n' },
      detected: 'the signature of an array, or a ZIP archive of arrays only',
      notes:
        'Shapes `[rows]`, `[rows, columns]` and `[series, rows, columns]`; numbers, times and texts, but no objects. Arrays of an `.npz` with as many rows are columns side by side; `data.sheet` chooses one',
    },
  },
  {
    documented: {
      ...table,
      title: 'any text, packed with gzip',
      example: { 'reviews.csv.gz': 'text,stars\nwarm soup,5\ncold soup,1\nfine day,4\n' },
      detected: 'the signature of gzip; the rest of the name counts as that of the text',
      notes: 'Also tagged sentences and plain text. Unpacked while it is read',
    },
  },
  {
    documented: {
      kind: 'folder',
      tasks: ['classification', 'language-model'],
      title: 'ZIP archive of texts',
      example: { 'texts.zip': 'good/1.txt  warm soup\nbad/1.txt   cold soup\n' },
      detected: 'the signature of ZIP',
      notes:
        'Read as the folder that was packed: documents, or a folder or file for each label. Nothing is written to disk',
    },
  },
];
