/**
 * Numbers and groups as the sidebar shows them. Pure: values in, values out.
 */
import type { Ledger, LedgerItem } from './tokens';

/** 950 -> "950", 8000 -> "8,000". */
export function formatTokens(tokens: number): string {
  return Math.round(tokens).toLocaleString('en-US');
}

/** A share of a whole in percent, 0 to 100. */
export function percent(part: number, whole: number): number {
  return whole > 0 ? Math.min(100, Math.max(0, (100 * part) / whole)) : 0;
}

/** The parts of a score, largest first, one a line: "mention 0.40". */
export function formatParts(item: LedgerItem): string {
  const parts = Object.entries(item.parts).sort(([, a], [, b]) => b - a);
  return [`score ${item.score.toFixed(2)}`, ...parts.map(([name, value]) => `${name} ${value.toFixed(2)}`)].join('\n');
}

/** Whether any of an item leaves the machine. */
export function isSent(item: LedgerItem): boolean {
  return ['sent', 'lowered', 'redacted', 'kept'].includes(item.status);
}

/** The items that are sent and those that are not, each in rank order. */
export function split(ledger: Ledger): { sent: LedgerItem[]; left: LedgerItem[] } {
  return { sent: ledger.items.filter(isSent), left: ledger.items.filter(item => !isSent(item)) };
}

/** The highest score, against which bars are drawn. */
export function topScore(ledger: Ledger): number {
  return Math.max(0, ...ledger.items.map(item => item.score));
}
