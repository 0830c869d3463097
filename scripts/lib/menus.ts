import { namePattern, type NamedFormat } from '../../src/config/dataFormats.ts';

/** Kinds of files for which menus show a command. */
const KINDS: Readonly<Record<string, readonly NamedFormat['kind'][]>> = {
  'sequenceLab.inspectDataSet': ['table', 'tagged', 'text', 'packed', 'archive'],
  'sequenceLab.trainClassifierOnDataSet': ['table', 'packed', 'archive'],
  'sequenceLab.classifyColumn': ['table', 'packed'],
};

const FILE_NAME = /resourceFilename =~ \/.*?\/i/;

export interface MenuItem {
  readonly command: string;
  readonly when?: string;
}

/**
 * Replaces the file name patterns in the conditions of menus by those of the table of data formats.
 *
 * @throws Error for a command whose condition contains such a pattern and that has no entry in `KINDS`
 */
export function withFileNames(menus: Record<string, MenuItem[]>): Record<string, MenuItem[]> {
  return Object.fromEntries(
    Object.entries(menus).map(([menu, items]) => [
      menu,
      items.map((item) => {
        if (!item.when || !FILE_NAME.test(item.when)) return item;
        const kinds = KINDS[item.command];
        if (!kinds) throw new Error(`Add the file kinds of ${item.command} to scripts/lib/menus.ts.`);
        return { ...item, when: item.when.replace(FILE_NAME, () => `resourceFilename =~ /${namePattern(...kinds)}/i`) };
      }),
    ]),
  );
}
