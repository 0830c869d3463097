import { parseRunConfig } from '../../../src/config/parse.ts';
import { type NewRun, RunModel } from '../../../src/host/runs/runModel.ts';
import type { StartEvent, StepEvent } from '../../../src/protocol/events.ts';

/** Parts that the tests of the host share. */

export function newModel(change: Partial<NewRun> = {}): RunModel {
  return new RunModel({
    folder: '/runs/20260101-000000-hamlet-0000',
    name: 'hamlet.txt',
    config: parseRunConfig({}),
    sourcePath: '/texts/hamlet.txt',
    createdAt: '2026-01-01T00:00:00.000Z',
    notices: [],
    ...change,
  });
}

export function startEvent(change: Partial<StartEvent> = {}): StartEvent {
  return {
    event: 'start',
    task: 'language-model',
    name: 'hamlet.txt',
    run: '20260101-000000-hamlet-0000',
    folder: '/runs/20260101-000000-hamlet-0000',
    step: 0,
    steps: 2000,
    secondsLimit: 0,
    parameters: 1234,
    batchSize: 16,
    text: {
      name: 'hamlet.txt',
      characters: 1000,
      trainCharacters: 900,
      validationCharacters: 100,
      vocabularySize: 40,
      replaced: 0,
      crlf: 0,
      unknownInValidation: 0,
    },
    facts: ['vocabulary of 40'],
    baselines: { uniform: 3.7, unigram: 3, bigram: 2.5 },
    backend: { name: 'reference', device: 'CPU, 1 thread', threads: 1, reason: 'the only backend here' },
    notices: [],
    ...change,
  };
}

export function stepEvent(step: number, change: Partial<StepEvent> = {}): StepEvent {
  return {
    event: 'step',
    step,
    loss: 4 - step / 1000,
    gradientNorm: 2,
    clippedGradientNorm: 1,
    learningRate: 0.005,
    itemsPerSecond: 800,
    seconds: step / 10,
    ...change,
  };
}
