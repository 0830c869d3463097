import type { AgentPicture } from '../../protocol/agentPicture.ts';
import { drawCurves } from './drawCurves.ts';
import { drawMap } from './drawMap.ts';

/** A picture as a PNG file, for clients that show no pages. */
export async function drawPicture(picture: AgentPicture): Promise<Uint8Array> {
  return (picture.kind === 'curves' ? drawCurves(picture) : drawMap(picture)).png();
}
