import type { RunConfig } from '../config/schema.ts';

/** A configuration with another task, whose fields have their defaults. @param task undefined: that of the configuration */
export function withTask(config: RunConfig, task: unknown = config.task.name): object {
  return task === config.task.name ? config : { ...config, task: { name: task } };
}
