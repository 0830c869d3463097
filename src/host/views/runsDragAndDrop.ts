import * as vscode from 'vscode';
import { ModelDrop } from './modelDrop.ts';

/** Type of what is dragged from the view "Runs", as VS Code names it. */
const RUNS = 'application/vnd.code.tree.sequencelab.runs';

export interface DropActions {
  /** Opens models, or shows an error. */
  readonly openModels: (models: readonly vscode.Uri[]) => Thenable<unknown>;
  /** Moves waiting runs to the place of another one; to the end of the queue if that one does not wait, or is undefined. */
  readonly reorder: (runs: readonly string[], target: string | undefined) => Thenable<unknown>;
}

/** Drag and drop in the view "Runs": runs within it change their order in the queue, and models from elsewhere are opened. */
export class RunsDragAndDrop<Node extends object> implements vscode.TreeDragAndDropController<Node> {
  readonly dragMimeTypes: readonly string[] = [RUNS];
  readonly dropMimeTypes: readonly string[];
  readonly #actions: DropActions;
  readonly #models: ModelDrop<Node>;

  constructor(actions: DropActions) {
    this.#actions = actions;
    this.#models = new ModelDrop(actions.openModels);
    this.dropMimeTypes = [...this.#models.dropMimeTypes, RUNS];
  }

  handleDrag(nodes: readonly Node[], transfer: vscode.DataTransfer): void {
    transfer.set(RUNS, new vscode.DataTransferItem(nodes.flatMap((node) => idOf(node) ?? [])));
  }

  async handleDrop(target: Node | undefined, transfer: vscode.DataTransfer): Promise<void> {
    const dragged: unknown = transfer.get(RUNS)?.value;
    if (!Array.isArray(dragged)) return this.#models.handleDrop(target, transfer);
    const runs = dragged.filter((each): each is string => typeof each === 'string');
    await this.#actions.reorder(runs, target && idOf(target));
  }
}

/** Id of a run; undefined for a folder that cannot be read as one. */
function idOf(node: object): string | undefined {
  return 'id' in node && typeof node.id === 'string' ? node.id : undefined;
}
