import { join } from 'node:path';

/*
 * Copies of data that trainers cannot read where they are, such as files of a virtual workspace, are in folders next to
 * the runs, each of which is named by the version of the data.
 */

const FOLDER = 'data';
const VERSION_DIGITS = 16;
const COPY = new RegExp(String.raw`^.*[\\/]${FOLDER}[\\/][0-9a-f]{${VERSION_DIGITS}}[\\/](?=.)`);

/** The folder of all copies. @param home the folder of the run store */
export function copiesFolder(home: string): string {
  return join(home, FOLDER);
}

/** The folder of one copy. @param sha256 hash in hex of what differs between versions of the data */
export function copyFolder(home: string, sha256: string): string {
  return join(copiesFolder(home), sha256.slice(0, VERSION_DIGITS));
}

/** A path for messages: without the folder of a copy, which only this program knows. */
export function withoutCopyFolder(path: string): string {
  return path.replace(COPY, '');
}
