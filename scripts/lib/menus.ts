import { namePattern, type NamedFormat } from '../../src/config/dataFormats.ts';

/** The kinds of files for which menus show a command. */
const KINDS: Readonly<Record<string, readonly NamedFormat['kind'][]>> = {
  'sequenceLab.inspectDataSet': ['table', 'tagged', 'text'],
  'sequenceLab.trainClassifierOnDataSet': ['table'],
  'sequenceLab.classifyColumn': ['table'],
};

const FILE_NAME = /resourceFilename =~ \/.*?\/i/;

export interface MenuItem {
  readonly command: string;
  readonly when?: string;
}

/**
 * Menus with the file name patterns that follow from the table of data formats.
 *
 * @throws Error for a command whose condition has such a pattern and that has no kinds of files
 */
export function withFileNames(menus: Record<string, MenuItem[]>): Record<string, MenuItem[]> {
  return Object.fromEntries(
    Object.entries(menus).map(([menu, items]) => [
      menu,
      items.map((item) => {
        if (!item.when || !FILE_NAME.test(item.when)) return item;
        const kinds = KINDS[item.command];
        if (!kinds) throw new Error(`scripts/lib/menus.ts does not say which files ${item.command} is for.`);
        return { ...item, when: item.when.replace(FILE_NAME, () => `resourceFilename =~ /${namePattern(...kinds)}/i`) };
      }),
    ]),
  );
}
