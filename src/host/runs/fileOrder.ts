import { basename } from 'node:path';
import type { RunModel } from './runModel.ts';

/**
 * Sorts runs: those on the file first, then those on a file of the same name; otherwise the order is kept.
 * @param path path of the file or document
 */
export function sortByFile(runs: readonly RunModel[], path: string): RunModel[] {
  const distance = ({ sourcePath, view }: RunModel) => (sourcePath === path ? 0 : view.name === basename(path) ? 1 : 2);
  return [...runs].sort((a, b) => distance(a) - distance(b));
}
