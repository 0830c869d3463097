import { EDITOR_TOOLS, editorSchema, type EditorTool, nameInEditor } from '../../src/host/agents/editorTools.ts';

/** Prefix of the generated texts of tools in package.nls.json. */
export const TOOL_TEXTS = 'tools.';

/** The language model tools of package.json, from the tools of agents that the editor offers. */
export function editorTools(): { readonly toolReferenceName: string }[] {
  return EDITOR_TOOLS.map((each) => ({
    name: nameInEditor(each),
    displayName: `%${titleKey(each)}%`,
    userDescription: `%${descriptionKey(each)}%`,
    modelDescription: [each.tool.description, each.note].join(' ').trim(),
    toolReferenceName: referenceName(each),
    canBeReferencedInPrompt: true,
    icon: '$(graph-line)',
    tags: ['sequence-lab', each.tool.effect],
    inputSchema: editorSchema(each),
  }));
}

/** The texts that users see of them: the title and the first sentence of the description. */
export function editorToolTexts(): (readonly [string, string])[] {
  return EDITOR_TOOLS.flatMap((each) => {
    const { title, description } = each.tool;
    const [sentence = description] = /^.*?\.(?= |$)/.exec(description) ?? [];
    return [[titleKey(each), title] as const, [descriptionKey(each), sentence] as const];
  });
}

function titleKey(tool: EditorTool): string {
  return `${TOOL_TEXTS}${referenceName(tool)}.title`;
}

function descriptionKey(tool: EditorTool): string {
  return `${TOOL_TEXTS}${referenceName(tool)}.description`;
}

/** Name after # in a chat, such as `startTraining`. */
function referenceName({ tool }: EditorTool): string {
  return tool.name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
