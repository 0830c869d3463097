import { pathOf } from '../platform/system.ts';

/** Folder of the bundled model: next to the bundle's folder, or above the sources. */
export const bundledSentiment = pathOf(
  new URL(import.meta.url.endsWith('.ts') ? '../../media/sentiment/' : '../media/sentiment/', import.meta.url),
);
