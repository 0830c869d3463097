import type { PackedFile } from './packedKind.ts';
import type { PackedRows } from './cellRows.ts';
import type { ReadPackedOptions } from './parquet.ts';

/** How a table that is not text is read. */
export interface PackedOptions extends ReadPackedOptions {
  /** Whether the first row of a sheet is a header; detected if omitted. */
  readonly header?: boolean | undefined;
}

/**
 * Reads a table that is not text: the cells become text, as a table of text would have them. The readers are loaded
 * when they are needed.
 * @throws InputError for a file that cannot be read
 */
export async function readPacked({ file, format }: PackedFile, options: PackedOptions): Promise<PackedRows> {
  switch (format) {
    case 'parquet':
      return (await import('./parquet.ts')).readParquet(file, options);
    case 'arrow':
      return (await import('./arrow.ts')).readArrow(file, options);
    case 'xlsx':
      return (await import('./xlsx.ts')).readXlsx(file, options);
    case 'numpy':
      return (await import('./numpy.ts')).readNumpy(file, options);
  }
}
