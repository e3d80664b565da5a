/**
 * The plugin: puts the sidebar in its place and wires commands, events and outputs to it. Works in JupyterLab and in
 * Notebook 7.
 */
import { ILabShell, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, ISessionContextDialogs } from '@jupyterlab/apputils';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { AnswerActions } from './actions';
import { share } from './answer/shared';
import { Bridges } from './bridges';
import { addCommands } from './commands';
import { takeOverAnswerEvents } from './events';
import { type Draw, drawAnswers } from './final';
import { FocusKeeper } from './focus';
import { askanceIcon } from './icon';
import { AskancePanel } from './panel';
import type { SavedAnswer } from './saved';
import { CommandIDs } from './tokens';

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'askance:plugin',
  description: 'Shows answers with their buttons, and what a question to a model sends along, and why.',
  autoStart: true,
  requires: [INotebookTracker],
  // Notebook 7 has no ILabShell.
  optional: [ILabShell, ICommandPalette, ITranslator, ISessionContextDialogs, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    labShell: ILabShell | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null,
    dialogs: ISessionContextDialogs | null,
    settings: ISettingRegistry | null
  ) => {
    const trans = (translator ?? nullTranslator).load('askance');
    const bridges = new Bridges(tracker, app.shell, labShell);
    const panel = new AskancePanel(trans, () => void app.commands.execute(CommandIDs.nextStale));
    panel.title.icon = askanceIcon;
    panel.title.caption = trans.__('Askance: what your questions send');
    app.shell.add(panel, 'right', { rank: 900, type: 'Askance' });

    const follow = (): void => {
      panel.model = tracker.currentWidget && bridges.of(tracker.currentWidget);
    };
    tracker.currentChanged.connect(follow);
    follow();

    share(async () => (await import('./answer')).default);
    const view = answerView(settings);
    const focus = new FocusKeeper();
    const draw = (notebook: NotebookPanel): void => {
      const ledger = bridges.of(notebook);
      const drawing = view.then<Draw | null>(View => View && ((...answer) => new View(...answer, ledger, focus)));
      drawAnswers(notebook.content.rendermime, drawing);
    };
    // Before a new notebook draws its outputs.
    app.docRegistry.addWidgetExtension('Notebook', { createNew: draw });
    const actions = new AnswerActions(trans, translator ?? nullTranslator, dialogs);
    addCommands({ actions, app, bridges, palette, panel, tracker, trans });
    takeOverAnswerEvents(tracker, bridges, actions, () => void app.commands.execute(CommandIDs.open));
  }
};

/** What draws saved answers, null if the user wants plain Markdown. It is large, so the page does not wait for it. */
async function answerView(settings: ISettingRegistry | null): Promise<typeof SavedAnswer | null> {
  const wanted = (await settings?.load(plugin.id))?.get('drawAnswers').composite;
  return wanted === false ? null : (await import('./saved')).SavedAnswer;
}

export default plugin;
