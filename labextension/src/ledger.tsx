/**
 * Draws a ledger: head, what is sent, what is not, notes. Enters: the kernel's state. Leaves: React elements.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { formatParts, formatTokens, percent, split, topScore } from './format';
import type { KernelState, Ledger, LedgerItem } from './tokens';

interface ITranslated {
  trans: TranslationBundle;
}

interface IHead extends ITranslated {
  state: KernelState;
  /** How many answers of the notebook are no longer up to date. */
  stale: number;
  onStop: () => void;
  onNextStale: () => void;
}

/** The head: who answers and why, what was asked, how full the request is, what should be asked again. */
export function Head({ state, stale, onStop, onNextStale, trans }: IHead): React.JSX.Element {
  return (
    <header className="askance-head">
      <div className="askance-model" title={state.why}>
        {state.model || trans.__('no model')}
      </div>
      {state.why && <div className="askance-quiet">{state.why}</div>}
      {state.question && <blockquote className="askance-question">{state.question}</blockquote>}
      {state.ledger && <Room ledger={state.ledger} trans={trans} />}
      {stale > 0 && (
        <div className="askance-stale" role="status">
          {trans._n('%1 answer is stale', '%1 answers are stale', stale)}
          <button type="button" className="askance-button" onClick={onNextStale}>
            {trans.__('Next')}
          </button>
        </div>
      )}
      {state.asking && (
        <div className="askance-asking" role="status">
          {trans.__('asking…')}
          <button type="button" className="askance-button" onClick={onStop}>
            {trans.__('Stop')}
          </button>
        </div>
      )}
    </header>
  );
}

function Room({ ledger, trans }: ITranslated & { ledger: Ledger }): React.JSX.Element {
  const text = trans.__('%1 of %2 tokens', formatTokens(ledger.tokens), formatTokens(ledger.budget));
  return (
    <div className="askance-room">
      <Bar className="askance-budget" value={percent(ledger.tokens, ledger.budget)} title={text} />
      <span className="askance-quiet">{text}</span>
      <Thread ledger={ledger} trans={trans} />
    </div>
  );
}

/** What the conversation adds to the request. */
function Thread({ ledger, trans }: ITranslated & { ledger: Ledger }): React.JSX.Element | null {
  const { turns = 0, history = 0, outdated = [] } = ledger;
  if (turns === 0) {
    return null;
  }
  return (
    <>
      <div className="askance-quiet askance-thread">
        {trans._n('with %1 earlier turn, %2 tokens', 'with %1 earlier turns, %2 tokens', turns, formatTokens(history))}
      </div>
      {outdated.length > 0 && (
        <div className="askance-quiet askance-outdated">{trans.__('told to be outdated: %1', outdated.join(', '))}</div>
      )}
    </>
  );
}

/** The items in rank order, those that are not sent after a divider, and the notes. */
export function LedgerList({ ledger, trans }: ITranslated & { ledger: Ledger }): React.JSX.Element {
  const { sent, left } = split(ledger);
  const top = topScore(ledger);
  const items = (list: LedgerItem[]): React.JSX.Element[] =>
    list.map(item => <ItemLine key={item.id} item={item} top={top} trans={trans} />);
  return (
    <>
      <div role="list" className="askance-items" aria-label={trans.__('Sent')}>
        {items(sent)}
      </div>
      {sent.length === 0 && <p className="askance-quiet">{trans.__('Nothing but the question is sent.')}</p>}
      {left.length > 0 && <h3 className="askance-divider">{trans.__('not sent')}</h3>}
      {left.length > 0 && (
        <div role="list" className="askance-items" aria-label={trans.__('Not sent')}>
          {items(left)}
        </div>
      )}
      <ul className="askance-notes">
        {ledger.notes.map((note, index) => (
          <li key={index}>
            <b>{note.source}</b> {note.message}
          </li>
        ))}
      </ul>
    </>
  );
}

function ItemLine({ item, top, trans }: ITranslated & { item: LedgerItem; top: number }): React.JSX.Element {
  return (
    <div role="listitem" className="askance-item" data-id={item.id} data-status={item.status}>
      <div className="askance-line">
        <span className="askance-name" title={item.name}>
          {item.title || item.name}
        </span>
        <span className="askance-tokens" title={trans.__('tokens; level: %1', item.level)}>
          {formatTokens(item.tokens)}
        </span>
      </div>
      <Bar className="askance-score" value={percent(item.score, top)} title={formatParts(item)} />
      <div className="askance-line">
        <span className="askance-status">{item.status === 'kept' ? trans.__('told before') : item.status}</span>
        <span className="askance-source">{item.source}</span>
        <span className="askance-why">{item.why}</span>
      </div>
    </div>
  );
}

function Bar({ className, value, title }: { className: string; value: number; title: string }): React.JSX.Element {
  return (
    <div className={`askance-bar ${className}`} role="img" aria-label={title.replace(/\n/g, ', ')} title={title}>
      <div style={{ width: `${value}%` }} />
    </div>
  );
}
