import { documents, plainText } from './corpus.ts';
import type { DataFormat } from './dataFormat.ts';
import { fastText } from './labeled/fastText.ts';
import { textFolders } from './labeled/textFolder.ts';
import { packedFormats } from './packed/documented.ts';
import { tableFormats } from './table/format.ts';
import { taggedFormats } from './tagged/formats/formats.ts';

/** All formats of data, as the documentation lists them. */
export const documentedFormats: readonly DataFormat[] = [
  ...Object.values(tableFormats),
  fastText,
  ...textFolders,
  ...[...taggedFormats].reverse(),
  documents,
  plainText,
  ...packedFormats,
].map(({ documented }) => documented);
