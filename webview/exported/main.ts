import '../jitless.ts';
import '../language.ts';
import { ExportedPageView } from './exportedPageView.ts';

const root = document.getElementById('root');
const data = document.getElementById('page-data')?.textContent;
const live = document.getElementById('live-data')?.textContent ?? null;
if (root && data) root.append(new ExportedPageView(data, live).element);
