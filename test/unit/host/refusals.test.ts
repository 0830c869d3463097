import assert from 'node:assert/strict';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { RunConfig } from '../../../src/config/schema.ts';
import { InputError } from '../../../src/data/inputError.ts';
import { StartCancelled } from '../../../src/host/runs/liveRun.ts';
import { type Question, withAnswers } from '../../../src/host/runs/refusals.ts';
import { forecasting } from '../../../src/worker/tasks/forecasting/forecasting.ts';
import { errorWith } from '../../harness/facts.ts';

const HOLES = 12;
/** A series in which one value of ten is missing. */
const text = `load\n${Array.from({ length: 10 * HOLES }, (_, i) => (i % 10 === 5 ? 'NA' : String(i % 7))).join('\n')}\n`;
const config = parseRunConfig({
  task: { name: 'forecasting' },
  data: { sequenceLength: 5 },
});
/** Loads the data as the trainer does. */
const begin = async (own: RunConfig) => {
  const { notices } = await forecasting.load({ kind: 'text', name: 'holes.csv', text }, own);
  return { missing: own.task.name === 'forecasting' ? own.task.missing : '', notices: notices.length };
};

describe('a refusal of the trainer', () => {
  it('that names many missing values asks with the reason, and continues with the answer', async () => {
    const questions: Question[] = [];
    const begun = await withAnswers(config, begin, async (question) => {
      questions.push(question);
      return Promise.resolve(question.answers[0]);
    });
    assert.equal(begun.missing, 'previous');
    assert.ok(begun.notices > 0);
    assert.equal(questions.length, 1);
    for (const part of ['load', String(HOLES), 'task.missing']) assert.ok(questions[0]!.detail.includes(part), part);
  });

  it('ends the start without another message if the user cancels', async () => {
    await assert.rejects(
      withAnswers(config, begin, () => Promise.resolve(undefined)),
      StartCancelled,
    );
  });

  it('for another reason is not asked about', async () => {
    const refused = () => Promise.reject(new InputError('empty', 'nothing in it'));
    await assert.rejects(
      withAnswers(config, refused, () => assert.fail('asked')),
      errorWith({ name: 'InputError', code: 'empty' }, 'nothing in it'),
    );
  });

  it('is not asked about where the configuration says what to do', async () => {
    const strict = parseRunConfig({ ...config, task: { name: 'forecasting', missing: 'refuse' } });
    await assert.rejects(
      withAnswers(strict, begin, () => assert.fail('asked')),
      errorWith({ name: 'InputError', code: 'unreadable' }, 'task.missing'),
    );
  });
});
