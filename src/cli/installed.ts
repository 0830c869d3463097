import { fileURLToPath } from 'node:url';

/** Whether this code runs unbundled. */
const isSource = import.meta.url.endsWith('.ts');

/** Folder of the built programs: that of the bundle, or `dist/` for code that runs unbundled. */
export const programs = fileURLToPath(new URL(isSource ? '../../dist/' : './', import.meta.url));

/** Folder with the programs that open exported models. */
export const media = fileURLToPath(new URL(isSource ? '../../media/' : '../media/', import.meta.url));
