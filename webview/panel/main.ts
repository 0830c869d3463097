import '../noEval.ts';
import { reportErrors } from '../reportErrors.ts';
import { Panel } from './panel.ts';

const root = document.getElementById('root');
if (!root) throw new Error('The panel\'s document has no element "root".');
const panel = new Panel(root, acquireVsCodeApi());
reportErrors((error) => panel.fail(error));
void panel.start();
