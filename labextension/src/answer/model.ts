/**
 * The kernel's half of the answer view, as anywidget hands it to us.
 */
export type State = 'waiting' | 'streaming' | 'done' | 'stopped' | 'error';

/** The traits of the kernel-side widget. */
export interface ITraits {
  ask_id: string;
  footer: string;
  model_name: string;
  notice: string;
  state: State;
  /** The full text: set at load and at the end; in between it grows here, by deltas. */
  text: string;
}

/** A piece of the answer that begins `start` code points into it. */
export interface IDelta {
  type: 'delta';
  text: string;
  start: number;
}

export interface IModel {
  get<K extends keyof ITraits>(name: K): ITraits[K];
  set<K extends keyof ITraits>(name: K, value: ITraits[K]): void;
  send(content: { type: 'stop' }): void;
  on(event: `change:${keyof ITraits}`, handler: () => void): void;
  on(event: 'msg:custom', handler: (message: IDelta) => void): void;
  off(event: `change:${keyof ITraits}`, handler: () => void): void;
}

/** Whether more of the answer may still come. */
export function isRunning(state: State): boolean {
  return state === 'waiting' || state === 'streaming';
}
