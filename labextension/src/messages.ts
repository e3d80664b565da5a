/**
 * What the kernel says is looked at before it is believed. Pure. Enters: any value. Leaves: whether it is a message.
 */
import type { FromKernel, Stale } from './tokens';

/** The most code that is put into a cell, in UTF-16 units. */
export const MOST_CODE = 1_000_000;

export function isFromKernel(data: unknown): data is FromKernel {
  if (!isRecord(data)) {
    return false;
  }
  switch (data.type) {
    case 'state':
      return data.stale === undefined || isStale(data.stale);
    case 'ledger':
    case 'stopping':
    case 'retrying':
      return true;
    case 'stale':
      return isStale(data.answers);
    case 'explanation':
      return typeof data.id === 'string' && typeof data.start === 'number' && typeof data.text === 'string';
    case 'explained':
      return [data.id, data.text, data.notice].every(part => typeof part === 'string') && isEnd(data.state);
    case 'insert':
      return typeof data.cell === 'string' && isCode(data.code);
    default:
      return false;
  }
}

/** Whether a value may become the source of a cell. */
export function isCode(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MOST_CODE;
}

/** Whether a value has named parts, and is no list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEnd(value: unknown): boolean {
  return value === 'done' || value === 'stopped' || value === 'error';
}

function isStale(value: unknown): value is Stale {
  return isRecord(value) && Object.values(value).every(text => typeof text === 'string');
}
