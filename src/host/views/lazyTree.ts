import * as vscode from 'vscode';

interface Tree<T> extends vscode.TreeDataProvider<T> {
  readonly onDidChangeTreeData: vscode.Event<T | undefined>;
}

/** Tree whose provider is created when the view is first shown. */
export class LazyTree<T> implements Tree<T> {
  readonly #open: () => Promise<Tree<T>>;
  readonly #change = new vscode.EventEmitter<T | undefined>();
  readonly onDidChangeTreeData = this.#change.event;
  #tree: Tree<T> | undefined;

  constructor(open: () => Promise<Tree<T>>) {
    this.#open = open;
  }

  async getChildren(node?: T): Promise<T[]> {
    if (!this.#tree) {
      this.#tree = await this.#open();
      this.#tree.onDidChangeTreeData((changed) => this.#change.fire(changed));
    }
    return (await this.#tree.getChildren(node)) ?? [];
  }

  /** The tree has one level. VS Code requires this method to reveal a node. */
  getParent(): undefined {
    return undefined;
  }

  getTreeItem(node: T): vscode.TreeItem | Thenable<vscode.TreeItem> {
    // VS Code only requests nodes that `getChildren` has returned.
    return this.#tree?.getTreeItem(node) ?? {};
  }
}
