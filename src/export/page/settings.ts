import { hasEffect } from '../../config/applicability.ts';
import { describedField, fieldsOf } from '../../config/fields.ts';
import { getField } from '../../config/parse.ts';
import type { RunConfig } from '../../config/schema.ts';
import type { ShownSetting } from '../../protocol/exportedPage.ts';

/** The settings that have an effect in a run: those that differ from the defaults first, each part in their order. */
export function shownSettings(config: RunConfig): ShownSetting[] {
  const settings = fieldsOf(config.task.name).flatMap((field): ShownSetting[] => {
    const value = getField(config, field.path);
    if (!isValue(value) || !hasEffect(config, field.path)) return [];
    return [{ path: field.path, value, standard: field.default, description: describedField(field) }];
  });
  const isChanged = ({ value, standard }: ShownSetting) => value !== standard;
  return [...settings.filter(isChanged), ...settings.filter((setting) => !isChanged(setting))];
}

function isValue(value: unknown): value is ShownSetting['value'] {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
