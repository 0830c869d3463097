import { pictureName } from '../pictureName.ts';

const TYPES = {
  png: 'image/png',
  svg: 'image/svg+xml',
  csv: 'text/csv',
  json: 'application/json',
} as const;

/** A run in the names of files. */
export interface NamedRun {
  readonly name: string;
  readonly step: number;
}

/** Saves a picture or a table as the browser saves a download. @param content `png` is base64, the others are text */
export function savePicture(run: NamedRun | null, format: 'png' | 'svg' | 'csv', title: string, content: string): void {
  const part = format === 'png' ? Uint8Array.from(atob(content), (character) => character.charCodeAt(0)) : content;
  saveFile(`${pictureName(run, title)}.${format}`, part, format);
}

/** Saves a file as the browser saves a download. */
export function saveFile(name: string, content: string | Uint8Array<ArrayBuffer>, type: keyof typeof TYPES): void {
  const url = URL.createObjectURL(new Blob([content], { type: TYPES[type] }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
