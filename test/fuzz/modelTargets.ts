import { readReport as readReportText } from '../../src/catalog/report/readReport.ts';
import { linkTarget } from '../../src/catalog/report/links.ts';
import { applyAssignments, parseJson, parseRunConfig } from '../../src/config/parse.ts';
import { readingOptions } from '../../src/cli/readingOptions.ts';
import { MarkedVocabulary } from '../../src/data/pairs/markedVocabulary.ts';
import { storedPlanSchema } from '../../src/data/numeric/storedPlan.ts';
import { TextWordVocabulary } from '../../src/data/words/textWordVocabulary.ts';
import { WordVocabulary } from '../../src/data/words/vocabulary.ts';
import { bagOfWords } from '../../src/models/bagOfWords/bag.ts';
import { FeedForward } from '../../src/models/bagOfWords/feedForward.ts';
import { NaiveBayes } from '../../src/models/bagOfWords/naiveBayes.ts';
import { randomHmm } from '../../src/models/hmm/estimate.ts';
import { HiddenMarkovModel } from '../../src/models/hmm/hiddenMarkovModel.ts';
import { HmmTagger } from '../../src/models/hmm/tagger/hmmTagger.ts';
import { runsLayout } from '../../src/protocol/runsPage.ts';
import { upgradeProbe } from '../../src/runs/oldProbe.ts';
import { Generator } from '../../src/random/generator.ts';
import { madeUpRows } from '../fixtures/panelPage/runRows.ts';
import type { Target } from './targets.ts';

/** Saved vocabularies and models that JSON files contain, with what reads them. */
const SAVED: Readonly<
  Record<string, { readonly seeds: () => readonly unknown[]; readonly read: (json: unknown) => unknown }>
> = {
  'words.json': {
    seeds: () => [WordVocabulary.of(['the', 'a', "n't"]).toJSON()],
    read: (json) => WordVocabulary.fromJSON(json),
  },
  'text words': {
    seeds: () => [TextWordVocabulary.of(['the', ' a', '\n']).toJSON()],
    read: (json) => TextWordVocabulary.fromJSON(json),
  },
  'marked vocabulary': {
    seeds: () =>
      (['character', 'word', 'subword'] as const).map((kind) =>
        MarkedVocabulary.fit(['a tide', 'a ferry'], kind, { merges: kind === 'subword' ? 3 : 0 }).toJSON(),
      ),
    read: (json) => MarkedVocabulary.fromJSON(json),
  },
  'hidden Markov model': {
    seeds: () => [randomHmm({ states: 2, symbols: 3 }, Generator.forPurpose(1, 'fuzz')).toJSON()],
    read: (json) => HiddenMarkovModel.fromJSON(json),
  },
  tagger: {
    seeds: () => [HmmTagger.fit([{ words: ['The', 'tide', 'rose'], tags: ['DET', 'NOUN', 'VERB'] }] as never).toJSON()],
    read: (json) => HmmTagger.fromJSON(json),
  },
  'naive Bayes': {
    seeds: () => {
      const vectors = [bagOfWords([0, 1], 3), bagOfWords([2], 3)];
      return [NaiveBayes.fit(vectors, [0, 1], { classes: 2, columns: 3, smoothing: 1 }).toJSON()];
    },
    read: (json) => NaiveBayes.fromJSON(json),
  },
  'feed-forward network': {
    seeds: () => [
      FeedForward.initial({ columns: 3, hiddenUnits: 2, classes: 2 }, Generator.forPurpose(1, 'fuzz')).toJSON(),
    ],
    read: (json) => FeedForward.fromJSON(json),
  },
};

/** Texts that people write, with what reads them. */
const WRITTEN: Readonly<
  Record<string, { readonly seeds: readonly string[]; readonly read: (text: string) => unknown }>
> = {
  assignments: {
    seeds: ['training.steps=500', 'model.cell=gru\ndata.delimiter=;', 'task.name=classification\ndata.missing=["n/a"]'],
    read: (text) => parseRunConfig(applyAssignments({}, text.split('\n'))),
  },
  'settings of a reader': {
    seeds: ['data.delimiter=;\ndata.decimal=,', 'task.textColumn=text'],
    read: (text) => readingOptions(text.split('\n'), ['data.delimiter', 'data.decimal', 'task.textColumn']),
  },
  'report with runs': {
    seeds: ['# A\n\n```sequence-lab\nruns: units = 64\nplot: trainLoss\nlimit: 3\ngroup: cell\n```\n\n[run](run:a)\n'],
    read: (text) => readReportText(text, ROWS),
  },
  links: {
    seeds: ['https://example.org/a?b#c', 'data/hamlet%20.txt', '#result', '../a.md'],
    read: (text) => linkTarget(text),
  },
};
const ROWS = madeUpRows(6);

/** JSON for which a schema has the last word; an error of the schema is expected. */
const CHECKED: Readonly<
  Record<string, { readonly seeds: readonly unknown[]; readonly read: (json: unknown) => unknown }>
> = {
  'layout of the page "Runs"': {
    seeds: [{ ...runsLayout.parse({}), widths: { name: 100 }, group: 'cell', folded: ['a'] }],
    read: (json) => runsLayout.safeParse(json),
  },
  'series.json': {
    seeds: [
      { version: 1, columns: ['a'], means: [1], deviations: [2], timeSteps: 3, channels: 1, target: 0, horizon: 1 },
    ],
    read: (json) => storedPlanSchema.safeParse(json),
  },
  'probe of version 0.1': { seeds: [{ step: 1, layers: [], source: 'batch' }], read: (json) => upgradeProbe(json) },
};

/** Readers of saved models and vocabularies, of settings, and of what people write. */
export function modelTargets(): Target[] {
  const text = (input: Uint8Array) => Buffer.from(input).toString('utf8');
  const bytes = (seeds: readonly unknown[]) => seeds.map((seed) => Buffer.from(JSON.stringify(seed)));
  return [
    ...Object.entries(SAVED).map(([name, { seeds, read }]) => ({ name, seeds: bytes(seeds()), read })),
    ...Object.entries(CHECKED).map(([name, { seeds, read }]) => ({ name, seeds: bytes(seeds), read })),
  ]
    .map(({ read, ...target }): Target => ({
      ...target,
      names: false,
      read: (input) => read(parseJson(text(input), target.name)),
    }))
    .concat(
      Object.entries(WRITTEN).map(([name, { seeds, read }]) => ({
        name,
        seeds: seeds.map((seed) => Buffer.from(seed)),
        names: false,
        read: (input) => read(text(input)),
      })),
    );
}
