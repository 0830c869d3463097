import { fieldsOf } from '../config/fields.ts';
import { type FieldProblem, fieldProblems, setField, unknownField } from '../config/parse.ts';
import type { RunConfig } from '../config/schema.ts';
import type { FieldValue } from '../config/shortFields.ts';
import { phrase, type Text } from '../phrases/phrase.ts';
import { METRICS } from '../protocol/metrics.ts';
import { rungSteps } from './rungSteps.ts';
import type { FieldSpace, SweepFile } from './schema.ts';
import { type Dimension, gridOf, isIn } from './space/dimension.ts';
import { MOST_SOBOL } from './space/sobol.ts';
import type { Objective, Sweep } from './sweep.ts';
import { sweepProblems } from './sweepProblems.ts';

/** Fields that a sweep does not try, each with the place for what is meant. */
const NOT_TRIED: ReadonlyMap<string, Text> = new Map([
  ['seed', phrase('a sweep does not try this field; give the seeds as "seeds" of the sweep.')],
  ['task.name', phrase('a sweep has one task; name it in the base, and write a sweep for each task.')],
]);

/**
 * Checks a sweep against the configuration of its trials.
 * @param base complete, with absolute paths
 * @throws ConfigError with a line for each problem, which names the field and what to do
 */
export function checkSweep(file: SweepFile, base: RunConfig): Sweep {
  const problems = Object.entries(file.fields).flatMap(([path, space]) =>
    fieldProblem(path, space, base).map((reason) => ({ path: `fields.${path}`, reason })),
  );
  if (Object.keys(file.fields).length === 0)
    problems.push({ path: 'fields', reason: phrase('there is nothing to try; name a field with its values.') });
  refuse(problems);
  const { dimensions, problems: conditions } = inOrder(file, base);
  refuse([...conditions, ...methodProblems(file, base, dimensions)]);
  return {
    file,
    base,
    dimensions,
    objective: objectiveOf(file),
    seeds: seedsOf(file, base),
    rungs: 'eta' in file.method ? rungSteps(file.method, base.training) : null,
  };
}

function refuse(problems: readonly FieldProblem[]): void {
  if (problems.length > 0) throw sweepProblems(problems);
}

/** What is wrong with the values of a field. */
function fieldProblem(path: string, space: FieldSpace, base: RunConfig): Text[] {
  const task = base.task.name;
  const refused = NOT_TRIED.get(path);
  if (refused !== undefined) return [refused];
  const field = fieldsOf(task).find((each) => each.path === path);
  if (!field) return [unknownField(path)];
  const { values, choices, range, scale, points } = space;
  if ([values, choices, range].filter((each) => each !== undefined).length !== 1)
    return [phrase('give exactly one of "values", "choices" and "range".')];
  const listed: readonly FieldValue[] = values ?? choices ?? range ?? [];
  if (!range) {
    const repeated = listed.find((value, i) => listed.indexOf(value) < i);
    if (repeated !== undefined) return [phrase('{0} is listed twice; list it once.', JSON.stringify(repeated))];
    if (points !== undefined || scale !== 'linear')
      return [phrase('"points" and "scale" are for a "range"; remove them, or give a range.')];
  } else {
    const [low, high] = range;
    if (!(low < high)) return [phrase('the range from {0} to {1} is empty; give the smaller number first.', low, high)];
    if (scale === 'log' && low <= 0)
      return [phrase('a range on the scale "log" begins above 0, not at {0}; raise it, or use "linear".', low)];
    if (field.type !== 'integer' && field.type !== 'number')
      return [phrase('this field has no range, because its values are not numbers; give "choices".')];
  }
  return listed.flatMap((value) => {
    const problem = fieldProblems(setField(base, path, value)).find((each) => each.path === path);
    return problem ? [problem.reason] : [];
  });
}

/** The dimensions of a sweep, each after those that its conditions are about. */
function inOrder(file: SweepFile, base: RunConfig): { dimensions: Dimension[]; problems: FieldProblem[] } {
  const problems: FieldProblem[] = [];
  const done = new Map<string, Dimension>();
  const visit = (path: string, through: readonly string[]): void => {
    const space = file.fields[path];
    if (!space || done.has(path)) return;
    if (through.includes(path)) {
      const cycle = [...through.slice(through.indexOf(path)), path].join(' → ');
      problems.push({
        path: `fields.${path}.when`,
        reason: phrase('the conditions go in a circle, {0}; remove one of them.', cycle),
      });
      return;
    }
    for (const [other, is] of Object.entries(space.when ?? {})) {
      visit(other, [...through, path]);
      const on = done.get(other);
      const reason = on ? neverMet(on, is) : file.fields[other] ? undefined : missing(other);
      if (reason !== undefined) problems.push({ path: `fields.${path}.when.${other}`, reason });
    }
    done.set(path, dimensionOf(path, space, base));
  };
  for (const path of Object.keys(file.fields)) visit(path, []);
  return { dimensions: [...done.values()], problems };
}

function missing(path: string): Text {
  return phrase('the sweep does not try {0}; add it to the fields, or remove the condition.', path);
}

function neverMet(on: Dimension, is: readonly FieldValue[]): Text | undefined {
  const wrong = is.find((value) => !isIn(on, value));
  return wrong === undefined
    ? undefined
    : phrase('{0} never has the value {1}; list values that it has.', on.path, JSON.stringify(wrong));
}

function dimensionOf(path: string, { values, choices, range, scale, points, when }: FieldSpace, base: RunConfig) {
  const conditions = Object.entries(when ?? {}).map(([field, is]) => ({ path: field, is }));
  if (!range) return { path, when: conditions, options: values ?? choices ?? [], ordered: values !== undefined };
  const integer = fieldsOf(base.task.name).some((each) => each.path === path && each.type === 'integer');
  return { path, when: conditions, low: range[0], high: range[1], scale, integer, points };
}

/** What is wrong with the method, the objective and the budget. */
function methodProblems(file: SweepFile, base: RunConfig, dimensions: readonly Dimension[]): FieldProblem[] {
  const { method, objective, budget } = file;
  const problems: FieldProblem[] = [];
  const add = (path: string, reason: Text) => void problems.push({ path, reason });
  if (method.name === 'grid')
    for (const dimension of dimensions.filter((each) => gridOf(each) === undefined))
      add(
        `fields.${dimension.path}.points`,
        phrase('a grid needs the number of values of this range; give "points", or list "values".'),
      );
  else {
    if (budget.trials === undefined)
      add('budget.trials', phrase('the method "{0}" needs a number of trials.', method.name));
    else if (budget.trials < seedsOf(file, base).length)
      add(
        'budget.trials',
        phrase('each setting has a trial for each of its {0} seeds; allow that many.', seedsOf(file, base).length),
      );
    if (method.sequence === 'sobol' && dimensions.length > MOST_SOBOL)
      add('method.sequence', phrase('a Sobol sequence covers up to {0} fields; use "latin-hypercube".', MOST_SOBOL));
  }
  if ('eta' in method) {
    const rungs = rungSteps(method, base.training);
    const needed = method.eta ** (rungs.length - 1);
    const settings = Math.floor((budget.trials ?? 0) / seedsOf(file, base).length);
    if (rungs.length < 2)
      add(
        'method.minimumSteps',
        phrase(
          'there is only one rung; allow at most {0} steps, or raise training.steps in the base.',
          Math.floor(base.training.steps / method.eta),
        ),
      );
    else if (budget.trials !== undefined && settings < needed)
      add(
        'budget.trials',
        phrase(
          '{0} rungs need at least {1} settings, but there are {2}; allow more trials, or raise method.minimumSteps.',
          rungs.length,
          needed,
          settings,
        ),
      );
    if (file.fields['training.steps'])
      add('fields.training.steps', phrase('the rungs of this method set the steps; remove the field.'));
  }
  if (objective.direction === undefined && directionOf(file) === null)
    add('objective.direction', phrase('{0} has no better direction; give "lower" or "higher".', objective.metric));
  return problems;
}

function directionOf({ objective }: SweepFile): 'lower' | 'higher' | null {
  return objective.direction ?? METRICS.find(({ key }) => key === objective.metric)?.direction ?? null;
}

function objectiveOf(file: SweepFile): Objective {
  return { metric: file.objective.metric, direction: directionOf(file) ?? 'lower' };
}

/** Largest seed and one. */
const SEEDS = 2 ** 32;

function seedsOf({ seeds }: SweepFile, base: RunConfig): readonly number[] {
  if (typeof seeds !== 'number') return [...new Set(seeds)];
  return Array.from({ length: seeds }, (_, i) => (base.seed + i) % SEEDS);
}
