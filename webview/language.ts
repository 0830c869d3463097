import * as l10n from '@vscode/l10n';

/*
 * The host puts the translations of the display language into the document. A page imports this module first, so that
 * the tables of other modules are created with them. Without translations, the page is English.
 */
const translations = document.getElementById('translations')?.textContent;
if (translations) l10n.config({ contents: translations });
