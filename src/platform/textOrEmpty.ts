import { type Files, isMissing } from './files.ts';

/** The content of a UTF-8 file; empty if it is missing. */
export async function textOrEmpty(path: string, files: Files): Promise<string> {
  return files.readText(path).catch((error: unknown) => {
    if (isMissing(error)) return '';
    throw error;
  });
}
