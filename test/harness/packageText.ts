import texts from '../../package.nls.json' with { type: 'json' };

/** A title or other text of `package.json`, by its key in `package.nls.json`. */
export function packageText(key: keyof typeof texts): string {
  return texts[key];
}
