import type { PassageMap } from '../../src/protocol/exportedPage.ts';
import type { ActivationMap } from '../../src/protocol/inspection.ts';

/** A map of a page, whose rows are in the order of the units. */
export function decoded({ values, holes, ...map }: PassageMap): ActivationMap {
  return {
    ...map,
    values: bytesOf(values),
    holes: holes === null ? null : bytesOf(holes),
    order: Array.from({ length: map.units }, (_, unit) => unit),
    scores: [],
  };
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
