/**
 * The plugin: puts the sidebar in its place and wires commands and events to it. Works in JupyterLab and in Notebook 7.
 */
import { ILabShell, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';

import { Bridges } from './bridges';
import { askanceIcon } from './icon';
import { AskancePanel } from './panel';
import { AnswerEvents, CommandIDs } from './tokens';

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'askance:plugin',
  description: 'Shows what a question to a model sends along, and why.',
  autoStart: true,
  requires: [INotebookTracker],
  // Notebook 7 has no ILabShell.
  optional: [ILabShell, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    labShell: ILabShell | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('askance');
    const bridges = new Bridges(tracker, app.shell, labShell);
    const panel = new AskancePanel(trans);
    panel.title.icon = askanceIcon;
    panel.title.caption = trans.__('Askance: what your questions send');
    app.shell.add(panel, 'right', { rank: 900, type: 'Askance' });

    const follow = (): void => {
      panel.model = tracker.currentWidget && bridges.of(tracker.currentWidget);
    };
    tracker.currentChanged.connect(follow);
    follow();
    addCommands(app, panel, palette, trans);
    takeOverAnswerEvents(app, bridges);
  }
};

function addCommands(
  app: JupyterFrontEnd,
  panel: AskancePanel,
  palette: ICommandPalette | null,
  trans: TranslationBundle
): void {
  const describedBy = { args: { type: 'object', properties: {} } };
  app.commands.addCommand(CommandIDs.open, {
    label: trans.__('Show What Is Sent'),
    caption: trans.__('Show the context of the last question in the sidebar'),
    icon: askanceIcon,
    describedBy,
    execute: () => {
      app.shell.activateById(panel.id);
      panel.model?.refresh();
    }
  });
  app.commands.addCommand(CommandIDs.stop, {
    label: trans.__('Stop the Answer'),
    caption: trans.__('Stop the question that runs in this notebook and keep what has come'),
    describedBy,
    isEnabled: () => panel.model?.state?.asking ?? false,
    execute: () => panel.model?.stop(panel.model.state?.ask_id ?? null)
  });
  for (const command of [CommandIDs.open, CommandIDs.stop]) {
    palette?.addItem({ command, category: 'Askance' });
  }
}

/** The buttons of an answer view speak through DOM events: here they get the quick way to the kernel. */
function takeOverAnswerEvents(app: JupyterFrontEnd, bridges: Bridges): void {
  document.addEventListener(AnswerEvents.stop, event => {
    const model = bridges.around(event.target);
    if (model) {
      event.preventDefault();
      const { ask_id } = (event as CustomEvent<{ ask_id?: string }>).detail;
      void model.stop(ask_id ?? null);
    }
  });
  document.addEventListener(AnswerEvents.context, event => {
    event.preventDefault();
    void app.commands.execute(CommandIDs.open);
  });
}

export default plugin;
