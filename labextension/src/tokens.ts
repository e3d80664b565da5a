/**
 * What the kernel and this side say to each other, and the names that others may use. Types only, but for the ids.
 */
export namespace CommandIDs {
  /** Show the sidebar. */
  export const open = 'askance:open';
  /** Stop the ask that runs in the current notebook. */
  export const stop = 'askance:stop';
}

/** Events that an answer view in a notebook sends up the DOM; whoever takes one over calls preventDefault(). */
export namespace AnswerEvents {
  export const stop = 'askance:stop';
  export const context = 'askance:context';
}

/** Comm targets: `control` is opened by this side, `context` by the kernel. */
export namespace CommTargets {
  export const control = 'askance.control';
  export const context = 'askance.context';
}

export type Status = 'sent' | 'lowered' | 'cut' | 'muted' | 'redacted';

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
};

/** All context of one ask in rank order, as `Ledger.to_dict()` writes it. Sizes in tokens, times in seconds. */
export type Ledger = {
  items: LedgerItem[];
  budget: number;
  tokens: number;
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

export type ToKernel =
  | ({ type: 'hello' | 'facts' } & Facts)
  | { type: 'refresh' }
  | { type: 'stop'; ask_id: string | null };

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
};

export type FromKernel =
  | KernelState
  | { type: 'ledger'; ask_id: string | null; question: string; model: string; ledger: Ledger }
  | { type: 'stopping'; ask_id: string | null; ok: boolean };
