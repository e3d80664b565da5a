/** Numbers and groups of the sidebar. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { formatParts, formatTokens, percent, split, topScore } from '../src/format';
import type { Ledger, LedgerItem, Status } from '../src/tokens';

function item(name: string, status: Status, score: number): LedgerItem {
  const parts = { recency: 0.1, mention: 0.4 };
  return { id: `variables:${name}`, source: 'variables', name, title: '', level: 'full', tokens: 1, score, parts, why: '', fingerprint: '', status };
}

function ledger(items: LedgerItem[]): Ledger {
  return { items, budget: 0, tokens: 0, notes: [], seconds: {} };
}

test('tokens are grouped by thousands', () => {
  assert.equal(formatTokens(950), '950');
  assert.equal(formatTokens(128000), '128,000');
});

test('a share stays between 0 and 100, also of nothing', () => {
  assert.equal(percent(1, 4), 25);
  assert.equal(percent(9, 4), 100);
  assert.equal(percent(-1, 4), 0);
  assert.equal(percent(1, 0), 0);
});

test('the parts of a score stand largest first', () => {
  assert.equal(formatParts(item('a', 'sent', 0.5)), 'score 0.50\nmention 0.40\nrecency 0.10');
});

test('what is sent and what is not keep their rank order', () => {
  const items = [item('a', 'cut', 3), item('b', 'sent', 2), item('c', 'muted', 1), item('d', 'redacted', 1), item('e', 'lowered', 0)];
  const { sent, left } = split(ledger(items));
  assert.deepEqual(sent.map(one => one.name), ['b', 'd', 'e']);
  assert.deepEqual(left.map(one => one.name), ['a', 'c']);
});

test('bars are drawn against the highest score, 0 for an empty ledger', () => {
  assert.equal(topScore(ledger([item('a', 'sent', 0.2), item('b', 'cut', 0.9)])), 0.9);
  assert.equal(topScore(ledger([])), 0);
});
