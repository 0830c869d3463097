import { join } from 'node:path';
import * as z from 'zod';
import { PhrasedError, phrase, say, sentences } from '../phrases/phrase.ts';
import { disk, type Files, isMissing } from '../platform/files.ts';
import { type AnnotatedRun, annotations, type Annotations, NO_ANNOTATIONS } from '../protocol/annotations.ts';
import { writeFileAtomic } from './atomic.ts';
import { textOf } from '../phrases/causes.ts';

/** Files in the folder of a run with what its user has added. The trainer never touches them. */
export const ANNOTATION_FILES = { annotations: 'annotations.json', note: 'note.md' } as const;

const VERSION = 1;
const REPAIR = phrase(
  'Correct or delete the file; until then the run is listed without its name, star, color and tags, and they are not changed.',
);
const stored = annotations.extend({ version: z.literal(VERSION) });

/**
 * What the user has added to a run. A file that is missing has nothing.
 * @throws Error that names a damaged file, or one of another version
 */
export async function readAnnotations(folder: string, files: Files = disk): Promise<AnnotatedRun> {
  const [text, note] = [await read(folder, 'annotations', files), await read(folder, 'note', files)];
  if (text === undefined) return note === undefined ? NO_ANNOTATIONS : { ...NO_ANNOTATIONS, note };
  return { ...parse(text, join(folder, ANNOTATION_FILES.annotations)), note: note ?? '' };
}

/** What the user has added to a run, as far as it can be read. */
export interface ReadableAnnotations {
  readonly annotations: AnnotatedRun;
  /** Why all but the note cannot be read; undefined if it can. */
  readonly problem: string | undefined;
}

/** What the user has added to a run. Without a readable file it has its note alone, and the reason. */
export async function readableAnnotations(folder: string, files: Files = disk): Promise<ReadableAnnotations> {
  try {
    return { annotations: await readAnnotations(folder, files), problem: undefined };
  } catch (error) {
    const note = (await read(folder, 'note', files).catch(() => undefined)) ?? '';
    return {
      annotations: { ...NO_ANNOTATIONS, note },
      problem: say(textOf(error)),
    };
  }
}

/** Replaces what the user has added to a run, apart from the note. */
export async function writeAnnotations(folder: string, added: Annotations, files: Files): Promise<void> {
  const { name, starred, color, tags, archived } = annotations.parse(added);
  const content = { version: VERSION, name, starred, color, tags: [...new Set(tags)], archived };
  const path = join(folder, ANNOTATION_FILES.annotations);
  await writeFileAtomic(path, `${JSON.stringify(content, undefined, 2)}\n`, files);
}

/** Replaces the note of a run; an empty one removes its file. */
export async function writeNote(folder: string, note: string, files: Files): Promise<void> {
  const path = join(folder, ANNOTATION_FILES.note);
  await (note === '' ? files.remove(path) : writeFileAtomic(path, note, files));
}

/**
 * Changes some of what the user has added to a run. The note is in another file, which a damaged one does not affect.
 * @throws Error that names a damaged file, which is not replaced
 */
export async function annotate(
  folder: string,
  { note, ...change }: Partial<AnnotatedRun>,
  files: Files,
): Promise<AnnotatedRun> {
  const isNoteOnly = Object.keys(change).length === 0;
  const { note: before, ...others } = isNoteOnly
    ? (await readableAnnotations(folder, files)).annotations
    : await readAnnotations(folder, files);
  const changed = { ...others, ...change };
  if (!isNoteOnly) await writeAnnotations(folder, changed, files);
  if (note !== undefined) await writeNote(folder, note, files);
  return { ...changed, note: note ?? before };
}

async function read(folder: string, file: keyof typeof ANNOTATION_FILES, files: Files): Promise<string | undefined> {
  return files.readText(join(folder, ANNOTATION_FILES[file])).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
}

function parse(text: string, path: string): Annotations {
  const json = parseJson(text, path);
  const { version } = z.looseObject({ version: z.unknown() }).safeParse(json).data ?? {};
  if (version !== VERSION) {
    throw new PhrasedError(
      phrase(
        '{0} has version {1}. This version of Sequence Lab reads {2}.',
        path,
        version === undefined ? '?' : JSON.stringify(version),
        VERSION,
      ),
    );
  }
  const result = stored.safeParse(json);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new PhrasedError(
      sentences(
        phrase('{0} is damaged at "{1}": {2}.', path, issue?.path.join('.') ?? '', issue?.message ?? ''),
        REPAIR,
      ),
    );
  }
  const { name, starred, color, tags, archived } = result.data;
  return { name, starred, color, tags, archived };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PhrasedError(sentences(phrase('{0} is damaged: it is not valid JSON.', path), REPAIR), { cause: error });
  }
}
