/** What the kernel is told of tabs and edits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';

import { Activity } from '../src/activity';
import { factsOf, onlyNews } from '../src/facts';

class Shell {
  tabs: Tab[] = [];
  currentWidget: Tab | null = null;
  currentChanged = new Signal<this, { newValue: Tab | null }>(this);

  widgets(): Tab[] {
    return this.tabs;
  }

  show(tab: Tab | null): void {
    this.currentWidget = tab;
    this.currentChanged.emit({ newValue: tab });
  }
}

class Tab {
  constructor(path: string) {
    this.context.path = path;
  }

  context = { path: '', isReady: true, model: { contentChanged: new Signal<object, void>({}) } };

  edit(): void {
    this.context.model.contentChanged.emit();
  }
}

function opened(...paths: string[]): { shell: Shell; activity: Activity; tabs: Tab[] } {
  const shell = new Shell();
  shell.tabs = paths.map(path => new Tab(path));
  return { shell, activity: new Activity(shell as unknown as JupyterFrontEnd.IShell), tabs: shell.tabs };
}

const panel = { context: { path: 'n.ipynb' }, content: { activeCell: { model: { id: 'c1' } } } } as NotebookPanel;

test('the active tab comes first, then the others as they stand, each once', () => {
  const { shell, activity, tabs } = opened('n.ipynb', 'a.py', 'b.py', 'a.py');
  shell.tabs.push({} as Tab); // a terminal shows no document
  shell.show(tabs[2] ?? null);
  const facts = factsOf(panel, shell as unknown as JupyterFrontEnd.IShell, activity);
  assert.deepEqual(facts.open_files, ['b.py', 'n.ipynb', 'a.py']);
  assert.equal(facts.active_cell, 'c1');
});

test('what was in front and what was edited come latest first, without the notebook itself', () => {
  const { shell, activity, tabs } = opened('n.ipynb', 'a.py', 'b.py');
  const [n, a, b] = tabs as [Tab, Tab, Tab];
  [n, a, b, n, a, null, n].forEach(tab => shell.show(tab));
  [b, n, a].forEach(tab => tab.edit());
  const facts = factsOf(panel, shell as unknown as JupyterFrontEnd.IShell, activity);
  assert.deepEqual(facts.recent_files, ['a.py', 'b.py']);
  assert.deepEqual(facts.edited_files, ['a.py', 'b.py']);
});

test('documents that are opened later are listened to, each once', () => {
  const { shell, activity } = opened('n.ipynb');
  const late = new Tab('late.py');
  shell.tabs.push(late);
  activity.follow();
  activity.follow();
  let changes = 0;
  activity.changed.connect(() => void changes++);
  late.context.isReady = false;
  late.edit(); // it is being loaded
  assert.deepEqual(activity.edited, []);
  late.context.isReady = true;
  late.edit();
  late.edit();
  assert.deepEqual([activity.edited, changes], [['late.py'], 1]);
});

test('the lists stay short', () => {
  const { shell, activity, tabs } = opened(...Array.from({ length: 80 }, (_, number) => `f${number}.py`));
  tabs.forEach(tab => {
    shell.show(tab);
    tab.edit();
  });
  const facts = factsOf(panel, shell as unknown as JupyterFrontEnd.IShell, activity);
  assert.deepEqual([facts.open_files.length, facts.recent_files.length, facts.edited_files.length], [50, 20, 20]);
  assert.equal(facts.recent_files[0], 'f79.py');
  assert.ok(JSON.stringify(facts).length < 64_000);
});

test('nothing is said twice in a row', () => {
  const said: number[][] = [];
  const news = onlyNews<number[]>(value => void said.push(value));
  [[1], [1], [2], [1]].forEach(news);
  assert.deepEqual(said, [[1], [2], [1]]);
});
