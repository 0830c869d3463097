import '../noEval.ts';
import { reportErrors } from '../reportErrors.ts';
import { DataView } from './dataView.ts';

const root = document.getElementById('root');
if (!root) throw new Error('The view\'s document has no element "root".');
const view = new DataView(root, acquireVsCodeApi());
reportErrors((error) => view.fail(error));
void view.start();
