import { fileURLToPath } from 'node:url';

/** The folder of the model that comes with the extension: beside the bundle's folder, or above the sources. */
export const bundledSentiment = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../media/sentiment/' : '../media/sentiment/', import.meta.url),
);
