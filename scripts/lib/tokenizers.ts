import { ensurePython } from './python.ts';

/** Returns the path of a Python with the tokenizers of Hugging Face. @throws Unavailable if they cannot be installed */
export async function ensureTokenizers(): Promise<string> {
  return ensurePython({
    folder: 'tokenizers-0.22.2',
    what: 'the tokenizers of Hugging Face',
    packages: ['tokenizers==0.22.2'],
    modules: ['tokenizers'],
  });
}
