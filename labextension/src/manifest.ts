/**
 * The manifest that an answer leaves in a notebook. Pure. Enters: an output's metadata, whoever wrote it. Leaves: a checked
 * value, or null, which means that the output is drawn as any other Markdown.
 */
import { isRecord } from './messages';
import type { ItemFacts, WatchedAnswer } from './tokens';

/** Bounds of what is believed: characters of the whole manifest, items, characters of a name. */
const MOST_TEXT = 256_000;
const MOST_ITEMS = 1000;
const MOST_NAME = 1000;

/** What the kernel may be told to follow: answers, and bytes of all of them as Python writes JSON. */
const MOST_ANSWERS = 50;
const MOST_BYTES = 60_000;

/** The checked parts of a manifest, and all of it as it was. */
export interface IManifest {
  /** The answer's id; empty if an old askance wrote it. */
  id: string;
  model: string;
  items: WatchedAnswer['items'];
  raw: Readonly<Record<string, unknown>>;
}

/** The manifest in an output's metadata, null if there is none, or none to be believed. */
export function manifestOf(metadata: unknown): IManifest | null {
  const raw = isRecord(metadata) ? metadata.askance : null;
  if (!isRecord(raw) || !isName(raw.model) || !Array.isArray(raw.items) || raw.items.length > MOST_ITEMS) {
    return null;
  }
  const id = raw.id ?? '';
  const items = raw.items.map(itemOf);
  if (!isId(id) || !items.every(item => item !== null) || JSON.stringify(raw).length > MOST_TEXT) {
    return null;
  }
  return { id, model: raw.model, items, raw };
}

/** As many of these answers, given in the notebook's order, as one message has room for: the last ones. */
export function watched(manifests: readonly IManifest[]): WatchedAnswer[] {
  const chosen = new Map<string, WatchedAnswer>();
  let room = MOST_BYTES;
  for (const { id, items } of [...manifests].reverse()) {
    const answer = { id, items };
    const size = bytes(answer);
    if (id && items.length > 0 && !chosen.has(id) && chosen.size < MOST_ANSWERS && size <= room) {
      chosen.set(id, answer);
      room -= size;
    }
  }
  return [...chosen.values()].reverse();
}

function itemOf(value: unknown): WatchedAnswer['items'][number] | null {
  if (!isRecord(value) || !isName(value.id) || !isName(value.fingerprint)) {
    return null;
  }
  const { id, fingerprint, level = '', facts = {} } = value;
  return isName(level) && isFacts(facts) ? { id, fingerprint, level, facts } : null;
}

function isFacts(value: unknown): value is ItemFacts {
  return isRecord(value) && Object.values(value).every(fact => typeof fact === 'number' || isName(fact));
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{0,64}$/.test(value);
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MOST_NAME;
}

/** The size of a value as Python's json.dumps writes it: with spaces, and six bytes for what is not ASCII. */
function bytes(value: unknown): number {
  const text = JSON.stringify(value);
  const others = text.match(/[^\x20-\x7e]/g)?.length ?? 0;
  const separators = text.match(/[,:]/g)?.length ?? 0;
  return text.length + 5 * others + separators;
}
