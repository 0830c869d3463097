import * as z from 'zod';
import { configJsonSchema } from '../config/fields.ts';
import { shortFields } from '../config/shortFields.ts';
import { METRICS } from '../protocol/metrics.ts';

/**
 * A sweep file, `*.sequence-lab-sweep.json`: which fields of a configuration are tried, how the settings are chosen, and
 * what they are compared by. `checkSweep` checks what a schema cannot.
 */

const fieldValue = z.union([z.number(), z.string(), z.boolean()]);

const when = z
  .record(z.string(), z.array(fieldValue).min(1))
  .optional()
  .describe(
    'Condition, such as {"model.cell": ["lstm"]}: the field is tried only if each of these fields of the sweep has one of the listed values. Otherwise it keeps the value of the base configuration.',
  );

const fieldSpace = z
  .strictObject({
    values: z.array(z.number()).min(1).optional().describe('Numbers to try.'),
    choices: z
      .array(fieldValue)
      .min(1)
      .optional()
      .describe('Values without an order to try, such as the names of cells.'),
    range: z
      .tuple([z.number(), z.number()])
      .optional()
      .describe('Smallest and largest value. A field of whole numbers takes whole numbers.'),
    scale: z.enum(['linear', 'log']).default('linear').describe('Distribution of the values of a range.'),
    points: z
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .describe('Number of values of a range in a grid, evenly spaced on its scale.'),
    when,
  })
  .describe('Values of a field: exactly one of values, choices and range.');

const drawn = {
  sequence: z
    .enum(['sobol', 'latin-hypercube'])
    .default('sobol')
    .describe('How settings are drawn: a shifted Sobol sequence, or a Latin hypercube. Both cover the space evenly.'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1)
    .describe('Seed of the draw.'),
};

const rungs = {
  eta: z
    .int()
    .min(2)
    .max(100)
    .default(3)
    .describe('Reduction factor: one of this many settings is promoted, to this many times as many steps.'),
  minimumSteps: z
    .int()
    .min(1)
    .optional()
    .describe('Fewest steps of a trial (default: training.steps divided by eta squared).'),
};

const method = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('grid') }).describe('Every combination of the values.'),
  z.strictObject({ name: z.literal('random'), ...drawn }).describe('Settings drawn from the space.'),
  z
    .strictObject({ name: z.literal('halving'), ...drawn, ...rungs })
    .describe('Successive halving: the best settings of a rung are trained further, once all of them have ended.'),
  z
    .strictObject({ name: z.literal('asha'), ...drawn, ...rungs })
    .describe('Asynchronous successive halving: a setting is promoted as soon as it is among the best of its rung.'),
]);

const objective = z.strictObject({
  metric: z
    .enum(METRICS.map(({ key }) => key))
    .default('validationLoss')
    .describe('Number to compare trials by. validationLoss is that of the model that a run keeps.'),
  direction: z
    .enum(['lower', 'higher'])
    .optional()
    .describe('Which values are better (default: that of the metric, if it has one).'),
});

const budget = z.strictObject({
  trials: z.int().min(1).max(1_000_000).optional().describe('Number of trials. A grid must not have more.'),
  steps: z.int().min(1).optional().describe('Training steps of all trials together. Then no other trial starts.'),
  seconds: z
    .number()
    .positive()
    .optional()
    .describe('Seconds of training of all trials together. Then no other trial starts.'),
});

export const sweepFileSchema = z
  .strictObject({
    base: z
      .record(z.string(), z.unknown())
      .default({})
      .describe('Configuration of all trials, as in a *.sequence-lab.json file; of a run, the fields that change.'),
    from: z
      .string()
      .min(1)
      .optional()
      .describe('Run whose configuration and data the trials have: its folder, its id or its name.'),
    fields: z.record(z.string(), fieldSpace).describe('Fields to try, by their paths.'),
    method: method.prefault({ name: 'grid' }).describe('How settings are chosen.'),
    objective: objective.prefault({}).describe('What trials are compared by.'),
    seeds: z
      .union([
        z.int().min(1).max(1000),
        z
          .array(
            z
              .int()
              .min(0)
              .max(2 ** 32 - 1),
          )
          .min(1),
      ])
      .default(1)
      .describe('Number of seeds that each setting is trained with, from the seed of the base on, or the seeds.'),
    budget: budget.prefault({}).describe('Limits of the sweep.'),
  })
  .describe('Sequence Lab sweep');

/** A sweep file with its defaults. */
export type SweepFile = z.output<typeof sweepFileSchema>;

/** Values that a field takes, as a sweep file gives them. */
export type FieldSpace = z.output<typeof fieldSpace>;

export type SweepMethod = SweepFile['method'];

/** JSON schema of a sweep file, with the fields of a configuration for completion. */
export function sweepJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(sweepFileSchema, { io: 'input', target: 'draft-7' });
  const { properties } = schema;
  const fields = properties?.['fields'];
  if (typeof fields !== 'object' || typeof properties?.['base'] !== 'object')
    throw new Error('The schema of a sweep has no base or no fields.');
  const { additionalProperties: space, description } = fields;
  const { $schema, ...base } = configJsonSchema;
  return {
    ...schema,
    definitions: { space },
    properties: {
      ...properties,
      base: { ...base, description: properties['base'].description },
      fields: {
        type: 'object',
        description,
        properties: Object.fromEntries(Object.keys(shortFields).map((path) => [path, { $ref: '#/definitions/space' }])),
        additionalProperties: false,
        minProperties: 1,
      },
    },
    $schema,
  };
}
