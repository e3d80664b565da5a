/**
 * The commands, and their places in the palette. Enters: what they act on. Leaves: entries of the command registry.
 */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import type { AnswerActions } from './actions';
import { answersIn, answersOf, type IAnswer } from './answers';
import type { Bridges } from './bridges';
import { withoutCalls } from './calls';
import { askanceIcon } from './icon';
import type { AskancePanel } from './panel';
import { CommandIDs } from './tokens';
import { withoutFooter } from './traits';

/** The button of a code block that puts it into a cell. */
const INSERT_BUTTON = '.askance-code-insert:not([disabled])';

export interface IParts {
  actions: AnswerActions;
  app: JupyterFrontEnd;
  bridges: Bridges;
  palette: ICommandPalette | null;
  panel: AskancePanel;
  tracker: INotebookTracker;
  trans: TranslationBundle;
}

export function addCommands(parts: IParts): void {
  const describedBy = { args: { type: 'object', properties: {} } };
  const commands: Record<string, CommandRegistry.ICommandOptions> = { ...askCommands(parts), ...answerCommands(parts) };
  for (const [command, options] of Object.entries(commands)) {
    parts.app.commands.addCommand(command, { ...options, describedBy });
    parts.palette?.addItem({ command, category: 'Askance' });
  }
}

/** Those about the question that was asked last. */
function askCommands({ app, panel, trans }: IParts): Record<string, CommandRegistry.ICommandOptions> {
  return {
    [CommandIDs.open]: {
      label: trans.__('Show What Is Sent'),
      caption: trans.__('Show the context of the last question in the sidebar'),
      icon: askanceIcon,
      execute: () => {
        app.shell.activateById(panel.id);
        panel.model?.refresh();
      }
    },
    [CommandIDs.stop]: {
      label: trans.__('Stop the Answer'),
      caption: trans.__('Stop the question that runs in this notebook and keep what has come'),
      isEnabled: () => panel.model?.state?.asking ?? false,
      execute: () => panel.model?.stop(panel.model.state?.ask_id ?? null)
    }
  };
}

/** Those about the answer of the active cell, or the next one. */
function answerCommands({ actions, bridges, tracker, trans }: IParts): Record<string, CommandRegistry.ICommandOptions> {
  const answer = (): IAnswer | undefined => (tracker.activeCell ? answersIn(tracker.activeCell).at(-1) : undefined);
  const insertButton = (): HTMLElement | undefined =>
    [...(tracker.activeCell?.node.querySelectorAll<HTMLElement>(INSERT_BUTTON) ?? [])].at(-1);
  return {
    [CommandIDs.retry]: {
      label: trans.__('Ask Again'),
      caption: trans.__('Ask the question of the active cell again'),
      isEnabled: () => answer() !== undefined,
      execute: async () => {
        const { currentWidget: panel, activeCell: cell } = tracker;
        if (panel && cell) {
          await actions.retry({ panel, cell }, bridges.of(panel));
        }
      }
    },
    [CommandIDs.copyAnswer]: {
      label: trans.__('Copy the Answer'),
      caption: trans.__('Copy the answer of the active cell as Markdown'),
      isEnabled: () => answer() !== undefined,
      execute: () => navigator.clipboard.writeText(withoutCalls(withoutFooter(answer()?.markdown ?? '').text).text)
    },
    [CommandIDs.insertCode]: {
      label: trans.__('Insert the Answer’s Code Below'),
      caption: trans.__('Put the last code block of the active cell’s answer into a new cell'),
      isEnabled: () => insertButton() !== undefined,
      execute: () => insertButton()?.click()
    },
    [CommandIDs.nextStale]: {
      label: trans.__('Go to the Next Stale Answer'),
      caption: trans.__('The next answer that was given before something it used changed'),
      isEnabled: () => (tracker.currentWidget ? bridges.of(tracker.currentWidget).stale.size > 0 : false),
      execute: () => toNextStale(tracker, bridges)
    }
  };
}

/** Make the next cell with a stale answer active, from the top again behind the last one. */
async function toNextStale(tracker: INotebookTracker, bridges: Bridges): Promise<void> {
  const panel = tracker.currentWidget;
  if (!panel) {
    return;
  }
  const { content } = panel;
  const { stale } = bridges.of(panel);
  const indices = answersOf(content)
    .filter(({ manifest }) => stale.has(manifest.id))
    .map(({ cell }) => content.widgets.indexOf(cell));
  const next = indices.find(index => index > content.activeCellIndex) ?? indices[0];
  const cell = next === undefined ? undefined : content.widgets[next];
  if (next !== undefined && cell) {
    content.activeCellIndex = next;
    content.deselectAll();
    content.mode = 'command';
    await content.scrollToCell(cell, 'smart');
  }
}
