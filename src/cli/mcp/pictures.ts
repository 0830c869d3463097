import { join } from 'node:path';
import type { CallToolResult, McpServer } from '@modelcontextprotocol/server';
import type { AgentLab } from '../../agents/context.ts';
import { drawPicture } from '../../agents/pictures/drawPicture.ts';
import { pageDocument } from '../../export/page/pageDocument.ts';
import { disk } from '../../platform/files.ts';
import { type AgentPicture, PICTURE_KEY } from '../../protocol/agentPicture.ts';
import { PAGE_TYPE } from './capabilities.ts';

/** Address of the page that shows the pictures of all tools. */
export const PICTURE_PAGE = 'ui://sequence-lab/picture';

/** Adds the page, which loads nothing: its data is in the results of the tools. */
export function registerPicturePage(server: McpServer, product: AgentLab['product']): void {
  const description = 'Curves of runs, and the values of a gate over a passage.';
  server.registerResource(
    'picture',
    PICTURE_PAGE,
    { title: 'Picture', description, mimeType: PAGE_TYPE },
    async () => ({
      contents: [
        {
          uri: PICTURE_PAGE,
          mimeType: PAGE_TYPE,
          text: await pageOf(product),
          _meta: { ui: { csp: {}, prefersBorder: false } },
        },
      ],
    }),
  );
}

async function pageOf({ programs, version, language, translations }: AgentLab['product']): Promise<string> {
  const read = async (name: string) => disk.readText(join(programs, 'exported', name));
  const content = { page: { version }, title: 'Sequence Lab', product: version, live: null, language, translations };
  return pageDocument(content, { script: await read('agent.js'), style: await read('agent.css'), liveScript: '' });
}

/** An answer with its picture: as the data of the page, or as an image for a client without pages. */
export async function withPicture(
  answer: CallToolResult,
  picture: AgentPicture,
  isPage: boolean,
): Promise<CallToolResult> {
  if (isPage) return { ...answer, _meta: { [PICTURE_KEY]: picture } };
  const data = Buffer.from(await drawPicture(picture)).toString('base64');
  return { ...answer, content: [...answer.content, { type: 'image', data, mimeType: 'image/png' }] };
}
