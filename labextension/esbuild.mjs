// Bundles what JupyterLab's own builder does not: the answer view (default), or the unit tests (--tests).
import { build } from 'esbuild';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

const STATIC = '../ipython_ext/askance/kernel/view/static';

// "neutral" and no "browser" condition: the browser variants of the Markdown parser's helpers set innerHTML.
const common = { bundle: true, charset: 'utf8', format: 'esm', logLevel: 'warning', mainFields: ['module', 'main'], platform: 'neutral' };

if (process.argv.includes('--tests')) {
  await build({
    ...common,
    entryPoints: readdirSync('tests').map(name => `tests/${name}`),
    external: ['linkedom', 'node:*'],
    outdir: 'lib/tests',
    outExtension: { '.js': '.test.mjs' }
  });
} else {
  const { metafile } = await build({
    ...common,
    entryPoints: [
      { in: 'src/answer/index.ts', out: 'answer' },
      { in: 'src/answer/stub.ts', out: 'stub' },
      { in: 'style/answer.css', out: 'answer' }
    ],
    metafile: true,
    minify: true,
    outdir: STATIC,
    target: 'es2022'
  });
  writeFileSync(`${STATIC}/third-party-licenses.txt`, licenses(Object.keys(metafile.inputs)));
}

/** The licence texts of the packages that went into a bundle. */
function licenses(inputs) {
  const folders = new Set(inputs.map(path => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0]).filter(Boolean));
  const text = folder => {
    const file = readdirSync(folder).find(name => /^licen[cs]e/i.test(name));
    const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    return `${name} ${version} (${license})\n\n${file ? readFileSync(`${folder}/${file}`, 'utf8') : ''}`;
  };
  return [...folders].sort().map(text).join('\n\n');
}
