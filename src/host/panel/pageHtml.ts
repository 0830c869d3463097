import * as vscode from 'vscode';
import { randomHex } from '../../platform/hashing.ts';

/** Folder of the built pages, the only one that a webview may read. */
function webviewFolder(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}

/** Options of all webviews. */
export function webviewOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [webviewFolder(extensionUri)] };
}

/** Name of a built page. */
type Page = 'panel' | 'gradients' | 'data' | 'course' | 'form' | 'sweep' | 'runs' | 'report';

/** Shows a page in a panel, with the icon of the extension in its tab. */
export function showPage(panel: vscode.WebviewPanel, extensionUri: vscode.Uri, page: Page): void {
  panel.iconPath = {
    light: vscode.Uri.joinPath(extensionUri, 'media', 'panel-light.svg'),
    dark: vscode.Uri.joinPath(extensionUri, 'media', 'panel-dark.svg'),
  };
  panel.webview.html = pageHtml(panel.webview, extensionUri, page);
}

/**
 * HTML of a page: one script with the modules that it shares with others, one style sheet, and a policy that allows nothing else. It contains the
 * translations of the display language, which the page reads before it creates anything.
 */
export function pageHtml(webview: vscode.Webview, extensionUri: vscode.Uri, page: Page): string {
  const folder = webviewFolder(extensionUri);
  const script = webview.asWebviewUri(vscode.Uri.joinPath(folder, `${page}.js`));
  const style = webview.asWebviewUri(vscode.Uri.joinPath(folder, `${page}.css`));
  const nonce = randomHex(16);
  const policy = ["default-src 'none'", `script-src 'nonce-${nonce}'`, `style-src ${webview.cspSource}`].join('; ');
  // The sequence "</script" in a translation would end the element.
  const translations = JSON.stringify(vscode.l10n.bundle ?? {}).replaceAll('<', '\\u003c');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Sequence Lab</title>
  <link rel="stylesheet" href="${style.toString()}">
</head>
<body>
  <div id="root"></div>
  <script type="application/json" id="translations">${translations}</script>
  <script type="module" nonce="${nonce}" src="${script.toString()}"></script>
</body>
</html>`;
}
