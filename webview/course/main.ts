import '../noEval.ts';
import { reportErrors } from '../reportErrors.ts';
import { CourseView } from './courseView.ts';

const root = document.getElementById('root');
if (!root) throw new Error('The view\'s document has no element "root".');
const view = new CourseView(root, acquireVsCodeApi());
reportErrors((error) => view.fail(error));
void view.start();
