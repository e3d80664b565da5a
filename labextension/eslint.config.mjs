import tseslint from 'typescript-eslint';

const forbidden = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'dangerouslySetInnerHTML', 'createContextualFragment'];

export default tseslint.config(...tseslint.configs.strict, {
  rules: {
    eqeqeq: 'error',
    'max-lines': ['error', 250],
    'max-lines-per-function': ['error', 60],
    // `export namespace CommandIDs` and empty fallbacks are how JupyterLab extensions are written.
    '@typescript-eslint/no-namespace': 'off',
    // Nothing a model wrote may become markup: elements are created one by one.
    'no-restricted-syntax': [
      'error',
      ...forbidden.map(name => ({ selector: `Identifier[name="${name}"]`, message: 'Create elements; never parse HTML.' })),
      { selector: 'Identifier[name="DOMParser"]', message: 'Create elements; never parse HTML.' }
    ]
  }
});
