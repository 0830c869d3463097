import { formatBytes } from '../format/bytes.ts';
import { readableAnnotations } from '../runs/annotations.ts';
import { unusedCopies } from '../runs/dataCopies.ts';
import { bytesOf, type SizedRun, storeSpace } from '../runs/space.ts';
import { runStore } from './findRun.ts';
import { textTable } from './textTable.ts';

/** `sequence-lab runs space`: what the runs and copies of data use of the disk, the largest first. */
export async function printSpace({ json }: { readonly json: boolean }): Promise<void> {
  const { runs, trash } = await storeSpace(runStore());
  const copies = await unusedCopies(runStore(), []);
  const rows = [
    ...(await Promise.all(runs.map(async (run) => rowOf(run, (await isArchived(run)) ? 'archived' : '')))),
    ...trash.map((run) => rowOf(run, 'trash')),
    ...copies.map((copy) => rowOf(copy, 'unused copy')),
  ].sort((a, b) => b.bytes - a.bytes);
  if (json) {
    process.stdout.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return;
  }
  const cells = rows.map(({ id, bytes, place }) => [id, formatBytes(bytes), place]);
  process.stdout.write(
    textTable(
      [
        { heading: 'id', align: 'start' },
        { heading: 'size', align: 'end' },
        { heading: 'place', align: 'start' },
      ],
      cells,
    ),
  );
  process.stdout.write(
    `Runs: ${formatBytes(bytesOf(runs))}, trash: ${formatBytes(bytesOf(trash))}. "sequence-lab rm RUN" moves a run to the trash, and "sequence-lab rm --empty" deletes the trash.\n`,
  );
  if (copies.length > 0)
    process.stdout.write(
      `Copies of data that no run uses: ${formatBytes(bytesOf(copies))}. "Free space..." in the editor deletes them.\n`,
    );
}

function rowOf({ id, folder, bytes }: SizedRun, place: 'archived' | 'trash' | 'unused copy' | '') {
  return { id, bytes, place, folder };
}

async function isArchived({ folder }: SizedRun): Promise<boolean> {
  return (await readableAnnotations(folder)).annotations.archived;
}
