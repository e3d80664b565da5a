/**
 * Languages that are coloured. Enters: what stands behind a fence. Leaves: a class name and a tokeniser, if we have one.
 */
import { diff } from '@codemirror/legacy-modes/mode/diff';
import { javascript, json, typescript } from '@codemirror/legacy-modes/mode/javascript';
import { julia } from '@codemirror/legacy-modes/mode/julia';
import { cython, python } from '@codemirror/legacy-modes/mode/python';
import { r } from '@codemirror/legacy-modes/mode/r';
import { shell } from '@codemirror/legacy-modes/mode/shell';
import { standardSQL } from '@codemirror/legacy-modes/mode/sql';
import { toml } from '@codemirror/legacy-modes/mode/toml';
import { yaml } from '@codemirror/legacy-modes/mode/yaml';
import type { StreamParser } from '@codemirror/streamparser';

const PARSERS: Readonly<Record<string, StreamParser<unknown>>> = {
  cython, diff, javascript, json, julia, python, r, shell, sql: standardSQL, toml, typescript, yaml
};

const ALIASES: Readonly<Record<string, string>> = {
  bash: 'shell', console: 'shell', ipython: 'python', ipython3: 'python', js: 'javascript', jsonc: 'json',
  jsx: 'javascript', patch: 'diff', postgresql: 'sql', py: 'python', python3: 'python', pyi: 'python', sh: 'shell',
  sqlite: 'sql', ts: 'typescript', tsx: 'typescript', yml: 'yaml', zsh: 'shell'
};

// Text to be read, not run: it has a Copy button alone.
const DATA = /^(?:console|csv|diff|html|ini|json|jsonc|log|markdown|md|mermaid|none|output|patch|plaintext|text|toml|traceback|txt|xml|yaml|yml)$/;

/** The first word behind a fence, kept to letters, digits and +#-. */
export function languageOf(info: string): string {
  const [word = ''] = info.trim().split(/[\s{,:]/, 1);
  return word.toLowerCase().replace(/[^a-z0-9+#-]/g, '').slice(0, 32);
}

export function parserOf(language: string): StreamParser<unknown> | null {
  const name = ALIASES[language] ?? language;
  return Object.hasOwn(PARSERS, name) ? (PARSERS[name] ?? null) : null;
}

/** Whether a block of this language makes sense as a cell. */
export function isRunnable(language: string): boolean {
  return !DATA.test(language);
}

/** The source of a cell that runs the code in an IPython kernel. */
export function cellSource(code: string, language: string): string {
  return /^(?:bash|sh|shell|zsh)$/.test(language) ? `%%bash\n${code}` : code;
}
