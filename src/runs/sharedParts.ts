import type { RunConfig } from '../config/schema.ts';
import type { RunRecord } from './record.ts';

/** Most different parts of a kind that are known at a time. */
const MOST_KNOWN = 10_000;

/** One object for all equal parts of a kind, which nobody changes. */
export class Pool<T> {
  readonly #known = new Map<string, T>();

  /** An equal part that is known already, or this one. */
  of(part: T): T {
    const key = JSON.stringify(part);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size === MOST_KNOWN) this.#known.clear();
    this.#known.set(key, part);
    return part;
  }
}

/**
 * Lets the records of many runs share their equal parts: the runs of a sweep differ in a few fields, and most of the
 * memory of a list of runs are sections of configurations that are the same.
 */
export class SharedParts {
  readonly #task = new Pool<RunConfig['task']>();
  readonly #data = new Pool<RunConfig['data']>();
  readonly #model = new Pool<RunConfig['model']>();
  readonly #training = new Pool<RunConfig['training']>();
  readonly #sampling = new Pool<RunConfig['sampling']>();
  readonly #probes = new Pool<RunConfig['probes']>();
  readonly #source = new Pool<RunRecord['source']>();
  readonly #versions = new Pool<RunRecord['versions']>();
  readonly #backend = new Pool<RunRecord['backend']>();

  /** An equal record whose parts are those of earlier ones where they are equal. */
  of(record: RunRecord): RunRecord {
    const { config, logged, source, versions, backend } = record;
    // Which fields of a run of another program are known is noted for the object (`onlyKnown`).
    return {
      ...record,
      config: logged ? config : this.#configOf(config),
      source: this.#source.of(source),
      versions: this.#versions.of(versions),
      backend: this.#backend.of(backend),
    };
  }

  #configOf(config: RunConfig): RunConfig {
    return {
      ...config,
      task: this.#task.of(config.task),
      data: this.#data.of(config.data),
      model: this.#model.of(config.model),
      training: this.#training.of(config.training),
      sampling: this.#sampling.of(config.sampling),
      probes: this.#probes.of(config.probes),
    };
  }
}
