import { basename } from 'node:path';
import type { RunModel } from './runModel.ts';

/**
 * Runs with those on a file first, then those on another file of the same name; within each the order stays.
 * @param path of the file or document
 */
export function chosenFirst(runs: readonly RunModel[], path: string): RunModel[] {
  const distance = ({ sourcePath, view }: RunModel) => (sourcePath === path ? 0 : view.name === basename(path) ? 1 : 2);
  return [...runs].sort((a, b) => distance(a) - distance(b));
}
