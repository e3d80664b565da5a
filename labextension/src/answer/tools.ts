/**
 * The calls of an answer, one line each that opens to its result. Enters: the calls. Leaves: DOM nodes with text in them.
 */
import { make, say } from './dom';
import { plainly } from './plainly';
import { duration, type IUse, isOpen, spelled, USE_WORDS } from './uses';

/** Arguments up to this many characters are seen in the line, and not told again below it. */
const SHORT = 80;

/** What one call looks like. */
interface IRow {
  node: HTMLDetailsElement;
  given: HTMLElement;
  state: HTMLElement;
  time: HTMLElement;
  all: HTMLElement;
  result: HTMLElement;
  /** Since when it runs, in milliseconds of the page's clock. */
  since: number;
}

export class Tools {
  readonly node = make('div', 'askance-tools');

  constructor() {
    this.node.setAttribute('role', 'list');
    this.node.setAttribute('aria-label', 'Tools called');
    this.node.hidden = true;
  }

  draw(uses: readonly IUse[]): void {
    this._drawn = uses;
    this.node.hidden = uses.length === 0;
    for (const [id, { node }] of this._rows) {
      if (!uses.some(use => use.id === id)) {
        node.parentElement?.remove();
        this._rows.delete(id);
      }
    }
    uses.forEach(use => this._update(this._rows.get(use.id) ?? this._add(use), use));
  }

  /** Time has passed. */
  tick(): void {
    for (const use of this._drawn) {
      const row = this._rows.get(use.id);
      if (row && use.state === 'running') {
        say(row.time, duration({ ...use, seconds: use.seconds + (performance.now() - row.since) / 1000 }));
      }
    }
  }

  /** Give the keyboard to a call's line, where a key that is still held does no harm. */
  focus(id: string): void {
    this._rows.get(id)?.node.querySelector('summary')?.focus({ preventScroll: true });
  }

  private _add(use: IUse): IRow {
    const [given, state, time] = [make('code', 'askance-tool-given'), make('span', 'askance-tool-state'), make('span', 'askance-tool-time')];
    const [all, result] = [make('pre', 'askance-tool-text'), make('pre', 'askance-tool-text')];
    const node = document.createElement('details');
    node.className = 'askance-tool';
    all.setAttribute('aria-label', `Arguments of ${use.name}`);
    result.setAttribute('aria-label', `Result of ${use.name}`);
    all.tabIndex = result.tabIndex = 0;
    node.append(make('summary', '', make('span', 'askance-tool-name', plainly(use.name)), given, state, time), all, result);
    const item = make('div', '', node);
    item.setAttribute('role', 'listitem');
    this.node.append(item);
    const row = { node, given, state, time, all, result, since: 0 };
    this._rows.set(use.id, row);
    return row;
  }

  private _update(row: IRow, use: IUse): void {
    if (use.state === 'running' && row.node.dataset.state !== 'running') {
      row.since = performance.now();
    }
    row.node.dataset.state = use.state;
    const given = plainly(spelled(use.arguments));
    say(row.given, given);
    say(row.state, use.cached && !isOpen(use) ? `${USE_WORDS[use.state]}, known already` : USE_WORDS[use.state]);
    say(row.time, duration(use));
    say(row.all, plainly(use.arguments));
    say(row.result, use.text);
    row.all.hidden = given.length <= SHORT && use.text !== '';
    row.result.hidden = use.text === '';
  }

  private readonly _rows = new Map<string, IRow>();
  private _drawn: readonly IUse[] = [];
}
