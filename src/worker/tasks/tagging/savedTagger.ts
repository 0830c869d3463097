import * as z from 'zod';
import { TagWords } from '../../../data/tagged/tagWords.ts';
import { WordVocabulary } from '../../../data/words/vocabulary.ts';
import { HmmTagger } from '../../../models/hmm/tagger/hmmTagger.ts';
import { wordClasses } from '../../../models/hmm/tagger/wordClasses.ts';
import { recurrentFields } from '../../../models/savedModels.ts';
import { modelFiles, parseFile, storedWeights } from '../../../models/savedModel.ts';
import { Tagger } from '../../../models/tagger.ts';
import { writeVariables } from '../../../models/weights.ts';
import { readModelFiles, readModelJson, readModelText } from '../../trainedModel.ts';

const recurrentSchema = z.object({
  version: z.literal(1),
  task: z.literal('tagging'),
  family: z.literal('recurrent'),
  /**
   * Input of the saved layers: token ids `[batch, timeSteps]`, or one-hot vectors `[batch, timeSteps,
   * vocabularySize]`.
   */
  input: z.enum(['ids', 'one-hot']),
  vocabularySize: z.int().positive(),
  /** The tag of each output probability, `[batch, timeSteps, tags]`. */
  tags: z.array(z.string()),
  ...recurrentFields,
});

const taskSchema = z.union([
  recurrentSchema,
  z.object({ version: z.literal(1), task: z.literal('tagging'), family: z.literal('hidden-markov') }),
]);

/** The file of a hidden Markov model. */
const HMM_FILE = 'hidden-markov.json';

/** The files of a recurrent tagger with its current weights. */
export async function taggerFiles(
  model: Tagger,
  vocabulary: WordVocabulary,
  tags: readonly string[],
): Promise<Readonly<Record<string, string | Uint8Array>>> {
  const input = model.shape.embedding > 0 ? 'ids' : 'one-hot';
  const task = recurrentSchema.parse({
    version: 1,
    task: 'tagging',
    family: 'recurrent',
    input,
    ...model.shape,
    tags: [...tags],
  });
  return { ...(await modelFiles(model, task)), 'vocabulary.json': JSON.stringify(vocabulary) };
}

/** The files of a hidden Markov model. */
export function hmmTaggerFiles(tagger: HmmTagger): Readonly<Record<string, string>> {
  return {
    'task.json': JSON.stringify({ version: 1, task: 'tagging', family: 'hidden-markov' }),
    [HMM_FILE]: JSON.stringify(tagger),
  };
}

/** A tagger of either family. */
export type SavedTagger =
  | { readonly family: 'recurrent'; readonly model: Tagger; readonly words: TagWords; readonly tags: readonly string[] }
  | { readonly family: 'hidden-markov'; readonly tagger: HmmTagger };

/** @throws Error that says what is missing or damaged */
export async function loadTagger(runFolder: string): Promise<SavedTagger> {
  const task = parseFile(taskSchema, await readModelText(runFolder, 'task.json'), 'task.json');
  if (task.family === 'hidden-markov') {
    return {
      family: 'hidden-markov',
      tagger: HmmTagger.fromJSON(await readModelJson(runFolder, HMM_FILE)),
    };
  }
  const vocabulary = WordVocabulary.fromJSON(await readModelJson(runFolder, 'vocabulary.json'));
  const { tags, ...shape } = task;
  const model = new Tagger({ ...shape, dropout: 0, tags: tags.length });
  writeVariables(model.parameters, storedWeights(await readModelFiles(runFolder)));
  return { family: 'recurrent', model, words: new TagWords(vocabulary, wordClasses), tags };
}
