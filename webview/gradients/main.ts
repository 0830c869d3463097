import '../noEval.ts';
import { reportErrors } from '../reportErrors.ts';
import { GradientsView } from './gradientsView.ts';

const root = document.getElementById('root');
if (!root) throw new Error('The view\'s document has no element "root".');
const view = new GradientsView(root, acquireVsCodeApi());
reportErrors((error) => view.fail(error));
void view.start();
