/**
 * `npm run train:sentiment [-- [--opinion] DATA_FOLDER]` trains the bundled sentiment model and writes
 * `media/sentiment/`: the model and its card. With `--opinion`, it keeps the networks of the present model, and trains
 * only the classifier that tells opinions from neutral texts. DATA_FOLDER (default: ../shared/data) contains the sets
 * that `trainingData.ts` reads. Takes about five minutes per network on one thread.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { backendNamed } from '../../src/backends/registry.ts';
import { tokenizeWords } from '../../src/data/words/tokenizer.ts';
import { Generator } from '../../src/random/generator.ts';
import type { Calibration } from '../../src/sentiment/calibration.ts';
import { decodeModel, encodeModel } from '../../src/sentiment/modelFile.ts';
import { Ngrams } from '../../src/sentiment/ngrams.ts';
import { type LearnedTensors, packClassifier, type PackedContext } from '../../src/sentiment/pack.ts';
import { sha256Hex } from '../../src/platform/hashing.ts';
import { HASH_FILE, MODEL_FILE, SentimentModel, type SentimentParts } from '../../src/sentiment/sentimentModel.ts';
import { classificationMetrics, likeliest } from '../../src/training/classificationMetrics.ts';
import { neutral, opinions } from '../../test/unit/sentiment/neutral.ts';
import { main } from '../lib/main.ts';
import { root } from '../lib/paths.ts';
import { fitNbsvm, type Nbsvm, trainBaselines } from './baselines.ts';
import { pairedBootstrap } from './bootstrap.ts';
import { fitCombination, type Scored } from './calibrate.ts';
import { splitData, templateExamples } from './examples.ts';
import { type CardContents, modelCard, type SetReport } from './modelCard.ts';
import { recipe } from './recipe.ts';
import { ngramParts } from './ngramParts.ts';
import { opinionClassifier } from './opinionClassifier.ts';
import { readOpinionSentences } from './opinionData.ts';
import { type EvaluationSets, type Example, readTrainingData, type TrainingData } from './trainingData.ts';
import { shapeOf, trainModel } from './trainModel.ts';
import { pretrainedVocabulary } from './vocabulary.ts';
import { wordVectors } from './wordVectors.ts';

const folder = join(root, 'media', 'sentiment');
const STRONGEST = 'NBSVM, unigrams and bigrams';

await main(async () => {
  const { values, positionals } = parseArgs({ options: { opinion: { type: 'boolean' } }, allowPositionals: true });
  const data = await readTrainingData(resolve(positionals[0] ?? join(root, '..', 'shared', 'data')));
  await backendNamed('wasm').load({ home: '', tensorflowPath: '', threads: 1, wideSimd: true });
  const written = await readOpinionSentences();
  const networks = values.opinion ? decodeModel(await readFile(join(folder, MODEL_FILE))) : await trainNetworks(data);
  const { opinion, check } = await opinionClassifier(networks, data, written);
  const bytes = encodeModel({ ...networks, opinion });
  const model = await SentimentModel.load(bytes);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, MODEL_FILE), bytes);
  await writeFile(join(folder, HASH_FILE), `${sha256Hex(bytes)}\n`);
  const { table } = model.parts;
  const card = modelCard({
    recipe,
    megabytes: bytes.length / 1e6,
    words: table.vocabulary.size - 2,
    trainedWords: table.trained.scales.length - 1,
    ngrams: model.parts.ngrams?.keys.length ?? 0,
    examples: {
      films: data.films.length,
      sentences: data.sentences.length,
      neutral: written.neutral.length,
      opinions: written.opinions.length,
    },
    opinionCheck: check,
    fresh: await measureFresh(model),
    ...(await measure(model, data.evaluation, [...data.films, ...data.sentences])),
  });
  await writeFile(join(folder, 'MODEL_CARD.md'), card);
  console.log(card);
});

/** Trains the members of the ensemble and fits the calibration. */
async function trainNetworks(data: TrainingData): Promise<SentimentParts> {
  const all = [...data.films, ...data.sentences];
  const { members: count, epochs, seed } = recipe;
  const templates = Array.from({ length: count }, (_, member) =>
    templateExamples(all, { epochs, count: recipe.templates, seed: seed + member }),
  );
  const vocabulary = pretrainedVocabulary(
    [...all, ...templates.flat(2)].map(({ text }) => text),
    await wordVectors(),
  );
  const { training, repeated, pretrained, others } = vocabulary;
  const context = {
    shape: shapeOf(recipe),
    labels: ['negative', 'positive'],
    vocabulary: training,
    adaptedWords: repeated,
    pretrained,
    others,
  };
  const train = async (examples: readonly Example[], member: number, what: string): Promise<LearnedTensors> => {
    const examplesOf = (epoch: number) => [...examples, ...(templates[member]?.[epoch] ?? [])];
    return trainModel(examplesOf, vocabulary, recipe, recipe.seed + member, (epoch, loss) => {
      console.log(`${what}, epoch ${epoch} of ${recipe.epochs}: loss ${loss.toFixed(3)}`);
    });
  };
  const negations = templates[0]![0]!.slice(0, recipe.linearTemplates);
  const { fitting, heldOut } = splitData(data, recipe.heldOut, recipe.seed);
  const { factor, temperature } = await combinationOn(
    heldOut,
    await train(fitting, 0, 'Without the texts for the calibration'),
    fitNbsvm([...fitting, ...negations]),
    context,
  );
  const members: LearnedTensors[] = [];
  for (const member of templates.keys())
    members.push(await train(all, member, `Member ${member + 1} of ${recipe.members}`));
  const parts = packClassifier(members, { ...context, temperature });
  return { ...parts, ngrams: ngramParts(fitNbsvm([...all, ...negations]), factor, parts.table) };
}

/**
 * Fits the combination of a network and an NBSVM on held-out sets of texts, with equal weight for each set.
 */
async function combinationOn(
  sets: readonly (readonly Example[])[],
  learned: LearnedTensors,
  nbsvm: Nbsvm,
  context: Omit<PackedContext, 'temperature'>,
): Promise<{ readonly factor: number; readonly temperature: Calibration }> {
  const model = new SentimentModel(packClassifier([learned], { ...context, temperature: { base: 0, perLogWord: 0 } }));
  const { table } = model.parts;
  const ngrams = new Ngrams(ngramParts(nbsvm, 1, table), table.trained.scales.length);
  const scored: Scored[] = [];
  for (const examples of sets) {
    const ids = examples.map(({ text }) => context.vocabulary.encode(tokenizeWords(text)));
    const logits = await model.logits(ids);
    examples.forEach(({ label }, index) => {
      scored.push({
        logits: logits[index]!,
        score: ngrams.logOdds(ids[index]!),
        label,
        words: ids[index]?.length ?? 0,
        weight: 1 / examples.length,
      });
    });
  }
  model.dispose();
  return fitCombination(scored);
}

/** Number of sentences of the tests with a firm answer. */
async function measureFresh(model: SentimentModel): Promise<CardContents['fresh']> {
  const firm = async (texts: readonly string[]): Promise<number> =>
    (await model.classify(texts)).filter(({ unsure }) => !unsure).length;
  return {
    neutral: neutral.length,
    firmNeutral: await firm(neutral),
    opinions: opinions.length,
    firmOpinions: await firm(opinions),
  };
}

async function measure(model: SentimentModel, evaluation: EvaluationSets, training: readonly Example[]) {
  const baselines = trainBaselines(training);
  const generator = Generator.forPurpose(recipe.seed, 'bootstrap');
  const sets: SetReport[] = [];
  const distinct = new Map<string, { model: boolean; strongest: boolean }>();
  for (const [name, examples] of Object.entries(evaluation)) {
    const texts = examples.map(({ text }) => text);
    const labels = examples.map(({ label }) => label);
    const answers = await model.classify(texts);
    const probabilities = answers.map((answer) => answer.probabilities);
    const isRight = (classes: readonly number[]): boolean[] => classes.map((answer, index) => answer === labels[index]);
    const right = isRight(probabilities.map(likeliest));
    const rightBaselines = Object.entries(baselines).map(
      ([baseline, classify]) => [baseline, isRight(classify(texts))] as const,
    );
    const strongest = new Map(rightBaselines).get(STRONGEST) ?? [];
    sets.push({
      name,
      metrics: classificationMetrics(probabilities, labels),
      unsure: shareOf(answers, ({ unsure }) => unsure),
      neutral: shareOf(answers, ({ doubts }) => doubts.includes('neutral')),
      firmAccuracy: shareOf(
        right.filter((_, index) => !answers[index]!.unsure),
        Boolean,
      ),
      baselines: Object.fromEntries(
        rightBaselines.map(([baseline, hits]) => [baseline, hits.filter(Boolean).length / hits.length]),
      ),
      againstNbsvm: pairedBootstrap(right, strongest, generator),
    });
    texts.forEach((text, index) => {
      const key = text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
      if (!distinct.has(key)) distinct.set(key, { model: right[index]!, strongest: strongest[index]! });
    });
  }
  const each = [...distinct.values()];
  const againstNbsvm = pairedBootstrap(
    each.map((text) => text.model),
    each.map((text) => text.strongest),
    generator,
  );
  return { sets, distinct: { n: each.length, againstNbsvm } };
}

function shareOf<T>(items: readonly T[], isCounted: (item: T) => boolean): number {
  return items.filter(isCounted).length / items.length;
}
