import { describeInWorkbench } from '../harness/inWorkbench.ts';
import { packageText } from '../harness/packageText.ts';
import { actUntil, until } from '../harness/until.ts';

const NAME = 'large.csv';
const ROW = 'the boat left the quiet market before the bell,yes\n';
/** Bytes of the file: enough that its reading takes seconds, and VS Code shows how far it is. */
const BYTES = 120e6;

/** Milliseconds within which the notification appears, if it appears at all. */
const SHOWN_WITHIN = 5_000;

const suite = { files: { [NAME]: `text,label\n${ROW.repeat(BYTES / ROW.length)}` } };

/** A file whose reading takes a while. */
describeInWorkbench('a large file in the workbench', suite, (bench) => {
  it('is read with its progress, no further after Cancel, and whole when it is read again', async () => {
    const workbench = await bench().open();
    const { page } = workbench;
    const toast = page.locator('.notification-toast', { hasText: NAME });
    const row = page.locator('.explorer-folders-view .monaco-list-row', { hasText: NAME });
    const tab = page.locator('.tabs-container .tab', { hasText: NAME });
    const inspect = async () =>
      workbench.contextMenu(
        row,
        packageText('commands.inspectDataSet'),
        async () => (await toast.count()) + (await tab.count()) > 0,
      );
    const view = async () => workbench.panelFrame(NAME);

    await actUntil(
      'the page says why it shows nothing',
      // Repeated if the reading ends before the click.
      async () => {
        await workbench.closeEditors();
        await inspect();
        await toast.locator('.monaco-progress-container').waitFor({ state: 'attached', timeout: SHOWN_WITHIN });
        await toast
          .locator('.notification-list-item-buttons-container .monaco-button')
          .click({ timeout: SHOWN_WITHIN });
      },
      async () => (await view()).locator('.message.bad').isVisible(),
    );
    await until('the notification is gone', async () => (await toast.count()) === 0);

    await workbench.closeEditors();
    await inspect();
    await until('the notification is gone', async () => (await toast.count()) === 0);
    await until('the columns are shown', async () => (await view()).locator('#role-0').isVisible());
  });
});
