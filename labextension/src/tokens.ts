/**
 * What the kernel and this side say to each other, and the names that others may use. Types only, but for the ids.
 */
import type { IExplaining } from './answer/explanation';

export namespace CommandIDs {
  /** Show the sidebar. */
  export const open = 'askance:open';
  /** Stop the ask that runs in the current notebook. */
  export const stop = 'askance:stop';
  /** Ask the question of the active cell again, past the cache. */
  export const retry = 'askance:retry';
  /** Copy the active cell's answer. */
  export const copyAnswer = 'askance:copy-answer';
  /** Put the last code block of the active cell's answer into a cell below it. */
  export const insertCode = 'askance:insert-code';
  /** Go to the next answer that is no longer up to date. */
  export const nextStale = 'askance:next-stale';
}

/** Events that an answer view in a notebook sends up the DOM; whoever takes one over calls preventDefault(). */
export namespace AnswerEvents {
  export const stop = 'askance:stop';
  export const context = 'askance:context';
  export const retry = 'askance:retry';
  export const insert = 'askance:insert';
  export const pace = 'askance:pace';
  export const ready = 'askance:ready';
  export const allow = 'askance:allow';
  export const explain = 'askance:explain';
}

/** What the events say. */
export namespace AnswerDetail {
  export type Any = { ask_id: string };
  /** `run`: whether the code is to be run, too, once the user has agreed. */
  export type Insert = Any & { code: string; language: string; run: boolean };
  /** `interval`: milliseconds between two draws that this page can keep up with. */
  export type Pace = Any & { interval: number };
  /** `call`: the id of a call that the model made; whether it may be made. `ready` asks whether anyone would take that over. */
  export type Allow = Any & { call: string; allowed: boolean };
  /** `tell` takes what is known of the explanation so far, `signal` is aborted when nobody wants it any more. */
  export type Explain = Any & IExplaining;
}

/** How an explanation ended. */
type EndState = 'done' | 'stopped' | 'error';

/** Comm targets: `control` is opened by this side, `context` by the kernel. */
export namespace CommTargets {
  export const control = 'askance.control';
  export const context = 'askance.context';
}

/** "kept": an earlier turn of the thread told it, and still does. */
export type Status = 'sent' | 'lowered' | 'cut' | 'muted' | 'redacted' | 'kept';

/** A few small numbers and words about an item ("rows", "branch"), by which the kernel later says what changed. */
export type ItemFacts = Record<string, number | string>;

/** A line of the ledger, as `Item.to_dict()` writes it. */
export type LedgerItem = {
  id: string;
  source: string;
  name: string;
  /** What a person calls it, where the name is an id; empty if the name will do. */
  title: string;
  level: string;
  tokens: number;
  score: number;
  parts: Record<string, number>;
  why: string;
  fingerprint: string;
  status: Status;
  facts?: ItemFacts;
};

/** All context of one ask in rank order, as `Ledger.to_dict()` writes it. Sizes in tokens, times in seconds. */
export type Ledger = {
  items: LedgerItem[];
  budget: number;
  tokens: number;
  /** Earlier turns of the thread that go along, and what they take of the tokens. */
  turns?: number;
  history?: number;
  /** Names of what earlier turns told and what is no longer so. */
  outdated?: string[];
  notes: { source: string; message: string }[];
  seconds: Record<string, number>;
};

/** What this side knows and the kernel does not: paths relative to the server's root, the active or latest one first. */
export type Facts = {
  path: string;
  open_files: string[];
  /** Documents that were in front, this notebook left out. */
  recent_files: string[];
  /** Documents that were edited in this browser, this notebook left out. */
  edited_files: string[];
  active_cell: string | null;
};

/** An answer that the notebook holds, as far as the kernel must know it to say whether it is still up to date. */
export type WatchedAnswer = { id: string; items: { id: string; fingerprint: string; level: string; facts: ItemFacts }[] };

export type ToKernel =
  | ({ type: 'hello' | 'facts' } & Facts)
  | { type: 'refresh' }
  | { type: 'stop'; ask_id: string | null }
  | { type: 'retry'; cell: string }
  | { type: 'pace'; interval: number }
  | { type: 'watch'; answers: WatchedAnswer[] }
  /** What the user said to a call that the model made. */
  | { type: 'allow'; ask: string; call: string; allowed: boolean }
  | { type: 'explain'; id: string; code: string; language: string }
  | { type: 'explain'; id: string; stop: true };

/** The whole state of askance in a kernel. */
export type KernelState = {
  type: 'state';
  version: string;
  model: string;
  why: string;
  asking: boolean;
  ask_id: string | null;
  question: string | null;
  ledger: Ledger | null;
  stale?: Stale;
};

/** What changed since an answer, in words, by its id; "" if nothing did. */
export type Stale = Record<string, string>;

export type FromKernel =
  | KernelState
  | { type: 'ledger'; ask_id: string | null; question: string; model: string; ledger: Ledger }
  | { type: 'stopping'; ask_id: string | null; ok: boolean }
  | { type: 'retrying'; cell: string }
  /** More of an explanation, that begins `start` code points into it. */
  | { type: 'explanation'; id: string; start: number; text: string }
  /** All of it. */
  | { type: 'explained'; id: string; state: EndState; text: string; notice: string }
  /** Only what is news. */
  | { type: 'stale'; answers: Stale }
  | CodeToInsert;

/** Code that goes into a new cell below a cell, by that cell's id. */
export type CodeToInsert = { type: 'insert'; cell: string; code: string };
