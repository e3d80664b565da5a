/**
 * The kernel's half of the answer view, as anywidget hands it to us, and one that holds a finished answer.
 */
import type { IUse } from './uses';

export type State = 'waiting' | 'streaming' | 'done' | 'stopped' | 'error';

/** The traits of the kernel-side widget. */
export interface ITraits {
  ask_id: string;
  /** The tier of the cache that the answer came from, "" if a model was asked. */
  cached: string;
  footer: string;
  model_name: string;
  notice: string;
  /** What has changed since the answer was given, "" while it holds. */
  stale: string;
  state: State;
  /** The full text: set at load and at the end; in between it grows here, by deltas. */
  text: string;
  /** The calls that the model made so far, in their order. */
  tools: readonly IUse[];
}

/** A piece of the answer that begins `start` code points into it. */
export interface IDelta {
  type: 'delta';
  text: string;
  start: number;
}

/** What has become of a call. */
export interface IToolNews {
  type: 'tool';
  use: unknown;
}

export type News = IDelta | IToolNews;

/** What the kernel is asked for where no front end has taken it over; "need" wants the next answer to bring the view along. */
export type Request = { type: 'need' } | { type: 'stop' } | { type: 'retry' } | { type: 'insert'; code: string };

export interface IModel {
  get<K extends keyof ITraits>(name: K): ITraits[K];
  set<K extends keyof ITraits>(name: K, value: ITraits[K]): void;
  send(content: Request): void;
  on(event: `change:${keyof ITraits}`, handler: () => void): void;
  on(event: 'msg:custom', handler: (message: News) => void): void;
  off(event: `change:${keyof ITraits}`, handler: () => void): void;
}

/** Whether more of the answer may still come. */
export function isRunning(state: State): boolean {
  return state === 'waiting' || state === 'streaming';
}

type Handler = (() => void) | ((message: News) => void);

/** A model without a kernel: an answer that is complete, and traits that the page sets. */
export class StaticModel implements IModel {
  /**
   * @param traits those that are known.
   * @param _receive takes what the view sends; by default nobody does.
   */
  constructor(
    traits: Partial<ITraits>,
    private readonly _receive: (content: Request) => void = () => undefined
  ) {
    this._traits = { ask_id: '', cached: '', footer: '', model_name: '', notice: '', stale: '', state: 'done', text: '', tools: [], ...traits };
  }

  get<K extends keyof ITraits>(name: K): ITraits[K] {
    return this._traits[name];
  }

  set<K extends keyof ITraits>(name: K, value: ITraits[K]): void {
    if (this._traits[name] !== value) {
      this._traits[name] = value;
      [...(this._handlers.get(`change:${name}`) ?? [])].forEach(handler => (handler as () => void)());
    }
  }

  send(content: Request): void {
    this._receive(content);
  }

  /** Nothing sends it messages: only changes of traits are told. */
  on(event: string, handler: Handler): void {
    this._handlers.set(event, [...(this._handlers.get(event) ?? []), handler]);
  }

  off(event: string, handler: Handler): void {
    this._handlers.set(event, (this._handlers.get(event) ?? []).filter(one => one !== handler));
  }

  private readonly _traits: ITraits;
  private readonly _handlers = new Map<string, Handler[]>();
}
