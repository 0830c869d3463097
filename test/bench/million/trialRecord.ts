import type { RunRecord } from '../../../src/runs/record.ts';
import { Random } from '../../oracle/random.ts';
import { exampleRecord } from '../../unit/runs/examples.ts';

const SWEEP = '20260101-000000-sweep-0a1b';
const base = exampleRecord(SWEEP, { name: 'ferry.txt', sweep: { id: SWEEP, trial: 1 } });

/** Record of a trial of a sweep over the learning rate and the units. @param i from 0 on */
export function trialRecord(i: number): RunRecord {
  const random = new Random(i + 1);
  const { config, progress } = base;
  const loss = 1.2 + random.next();
  const learningRate = Number((10 ** (-4 * random.next())).toPrecision(4));
  return {
    ...base,
    id: `${SWEEP}-${String(i + 1).padStart(4, '0')}`,
    createdAt: new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString(),
    sweep: { id: SWEEP, trial: i + 1 },
    config: {
      ...config,
      model: { ...config.model, units: 4 + Math.floor(396 * random.next()) },
      training: { ...config.training, learningRate },
    },
    progress: { ...progress, validationLoss: loss + 0.01, best: { step: 80, loss }, kept: { step: 80, loss } },
  };
}
