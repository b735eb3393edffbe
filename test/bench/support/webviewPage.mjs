import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { browserArguments, browserPath } from '../../../scripts/browser.mjs';
import { importSources } from './bundle.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const origin = 'http://pairlab.test';

/** The variables that VS Code's own themes give a page, as far as ours are drawn with them. */
export const themes = {
  light: {
    class: 'vscode-light',
    'editor-background': '#ffffff',
    foreground: '#3b3b3b',
    'panel-border': '#e5e5e5',
    descriptionForeground: '#3b3b3b',
    focusBorder: '#005fb8',
    'editorWidget-background': '#f8f8f8',
    'editorHoverWidget-background': '#f8f8f8',
    'list-hoverBackground': '#f2f2f2',
    'charts-blue': '#1a85ff',
    'charts-orange': '#d18616',
    'charts-foreground': '#3b3b3b',
  },
  dark: {
    class: 'vscode-dark',
    'editor-background': '#1f1f1f',
    foreground: '#cccccc',
    'panel-border': '#2b2b2b',
    descriptionForeground: '#9d9d9d',
    focusBorder: '#0078d4',
    'editorWidget-background': '#202020',
    'editorHoverWidget-background': '#202020',
    'list-hoverBackground': '#2a2d2e',
    'charts-blue': '#3794ff',
    'charts-orange': '#d18616',
    'charts-foreground': '#cccccc',
  },
  contrast: {
    class: 'vscode-dark vscode-high-contrast',
    'editor-background': '#000000',
    foreground: '#ffffff',
    contrastBorder: '#6fc3df',
    'panel-border': '#6fc3df',
    descriptionForeground: '#ffffffb3',
    focusBorder: '#f38518',
    'editorWidget-background': '#0c141f',
    'editorHoverWidget-background': '#0c141f',
    'charts-blue': '#3794ff',
    'charts-orange': '#d18616',
    'charts-foreground': '#ffffff',
  },
};

/** Chromium without a graphics card: WebGL is computed by the processor. */
export function openBrowser() {
  const software = [
    '--disable-gpu-compositing',
    '--use-gl=angle',
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
  ];
  const others = browserArguments.filter((argument) => argument !== '--disable-gpu');
  return chromium.launch({ executablePath: browserPath, args: [...others, ...software] });
}

/** A page as a panel frames it, its content security policy included, with what these lines export as `pairlab`. */
export async function openWebviewPage(browser, contents, theme) {
  const { pageHtml } = await importSources('page', "export { pageHtml } from './src/editor/panels/pageHtml.ts';");
  const addresses = { source: origin, script: `${origin}/page.js`, style: `${origin}/page.css` };
  const { script, style } = await bundle(contents);
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  page.on('pageerror', (error) => console.error(error));
  page.on('console', (message) => message.type() === 'error' && console.error(message.text()));
  await page.route(`${origin}/`, (route) =>
    route.fulfill({ contentType: 'text/html', body: pageHtml('alignment', 'Bench', addresses, 'n0nce') }),
  );
  await page.route(addresses.script, (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
  await page.route(addresses.style, (route) => route.fulfill({ contentType: 'text/css', body: style }));
  await page.goto(`${origin}/`);
  await page.evaluate(dress, themes[theme]);
  return page;
}

function dress({ class: names, ...colours }) {
  document.body.className = names;
  for (const [name, value] of Object.entries(colours)) {
    document.documentElement.style.setProperty(`--vscode-${name}`, value);
  }
  document.documentElement.style.setProperty('--vscode-font-family', 'system-ui, sans-serif');
  document.documentElement.style.setProperty('--vscode-font-size', '13px');
}

async function bundle(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'pairlab',
    outdir: root,
    logLevel: 'warning',
  });
  const textOf = (end) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
  return { script: textOf('.js'), style: textOf('.css') };
}
