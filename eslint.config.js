import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const TESTS = ['tests/**', '**/*.test.{ts,tsx}', '**/testing/**'];
const CONFIGS = ['*.config.{ts,js}', '.dependency-cruiser.cjs'];

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name; only Remix’s route modules and configuration files have a default export.',
};

/** Two rules of the server: the environment is read in one place, and a client that left is known by `context.closed`. */
const noProcessEnv = {
  object: 'process',
  property: 'env',
  message: 'The environment is read by server/platform/env.ts and handed on as `app.env`.',
};
const noRequestSignal = {
  object: 'request',
  property: 'signal',
  message: 'It may never fire (remix-run/remix#10030). Use `context.closed`.',
};

export default tseslint.config(
  {
    ignores: [
      'build',
      '.data',
      '.cache',
      'node_modules',
      'packages/*/dist',
      'packages/sdk/src/schema.ts',
      'server/platform/prisma',
      'test-results',
      'playwright-report',
    ],
  },
  js.configs.recommended,
  { files: ['public/early-press.js'], languageOptions: { globals: globals.browser } },
  { files: ['public/sw.js'], languageOptions: { globals: globals.serviceworker } },
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      globals: globals.node,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-properties': ['error', noProcessEnv, noRequestSignal],
      'no-restricted-syntax': ['error', noDefaultExport],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'anywhere' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      /** Types here are objects by habit, and declaration merging is the exception. */
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      /** `return json(response, 404, …)` reads as the end that it is. */
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      /** Remix throws responses. */
      '@typescript-eslint/only-throw-error': [
        'error',
        {
          allow: [
            { from: 'lib', name: 'Response' },
            { from: 'package', package: '@remix-run/router', name: 'TypedResponse' },
          ],
        },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      /** A port promises; one of its implementations may have nothing to wait for. */
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['app/**/*.{ts,tsx}'],
    ...reactHooks.configs.flat['recommended-latest'],
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
  },
  {
    files: ['app/routes/**', 'app/root.tsx', 'app/entry.*.tsx', ...CONFIGS],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['server/platform/{env,load-env}.ts', 'scripts/**', 'packages/cli/**', ...CONFIGS, ...TESTS],
    rules: { 'no-restricted-properties': ['error', noRequestSignal] },
  },
  {
    files: TESTS,
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      /** `expect.any(String)` and its kin are `any` by their type. */
      '@typescript-eslint/no-unsafe-assignment': 'off',
      /** `declare module` needs an interface to merge into. */
      '@typescript-eslint/consistent-type-definitions': 'off',
      /** Playwright’s fixtures begin with `async ({}, use)`. */
      'no-empty-pattern': 'off',
    },
  },
  { files: ['**/*.{js,cjs,mjs}'], extends: [tseslint.configs.disableTypeChecked] },
);
