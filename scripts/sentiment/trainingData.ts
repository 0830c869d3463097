import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { labeledTexts } from '../../src/data/labeled/labeledTexts.ts';
import { readTable } from '../../src/data/table/readTable.ts';

/** Text with its class: 1 positive, 0 negative. */
export interface Example {
  readonly text: string;
  readonly label: number;
  /** True if the label depends on every word, so that word dropout must not remove any. */
  readonly intact?: boolean;
}

/** Training data of the bundled model; both sets are CC BY 4.0. */
export interface TrainingData {
  /** Snippets of film reviews (Pang and Lee 2005). */
  readonly films: readonly Example[];
  /**
   * Sentences on products, films and restaurants (Kotzias et al. 2015), without the fifth that is held out for
   * evaluation.
   */
  readonly sentences: readonly Example[];
}

/** Evaluation sets, which are never used for training or tuning. */
export type EvaluationSets = Readonly<Record<'sst2/dev' | 'mr/dev' | 'uci-sentences, a fifth', readonly Example[]>>;

/** @param folder contains `mr`, `uci-sentences` and `sst2` */
export async function readTrainingData(folder: string): Promise<TrainingData & { evaluation: EvaluationSets }> {
  const read = async (name: string) => readExamples(join(folder, name));
  const uci = (await Promise.all(['amazon', 'imdb', 'yelp'].map((name) => read(`uci-sentences/${name}.tsv`)))).flat();
  return {
    films: await read('mr/train.tsv'),
    sentences: uci.filter(({ text }) => !isHeldOut(text)),
    evaluation: {
      'sst2/dev': await read('sst2/dev.tsv'),
      'mr/dev': await read('mr/dev.tsv'),
      'uci-sentences, a fifth': uci.filter(({ text }) => isHeldOut(text)),
    },
  };
}

async function readExamples(path: string): Promise<Example[]> {
  const { items } = labeledTexts(await readTable({ kind: 'file', path }, { header: false }), {
    text: '1',
    label: '2',
  });
  return items.map(({ text, label }) => ({ text, label: Number(label) }));
}

/** True if a text is in the held-out fifth: the first byte of its SHA-256 is divisible by 5. */
function isHeldOut(text: string): boolean {
  return (createHash('sha256').update(text).digest()[0] ?? 0) % 5 === 0;
}
