import { describe, expect, it } from 'vitest';
import { pageHtml } from '../../../src/editor/panels/pageHtml.ts';

const addresses = {
  source: 'https://own.example',
  script: 'https://own.example/pair.js',
  style: 'https://own.example/p.css',
};
const html = pageHtml('pair', 'Tom & "Jerry" <x>', addresses, 'n0nce');

describe('the frame of a page', () => {
  it('allows our script by its nonce only, and no inline or foreign code', () => {
    expect(html).toContain("default-src 'none'; script-src 'nonce-n0nce';");
    expect(html).not.toMatch(/unsafe|\*|https:;/);
    expect(html.match(/[\w-]+ [^;]*data:/g)).toEqual([
      'img-src https://own.example data:',
      'media-src https://own.example data:',
    ]);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain('<script nonce="n0nce" src="https://own.example/pair.js" defer></script>');
  });

  it('hands the nonce to the toolkit', () => {
    expect(html).toContain('<meta property="csp-nonce" content="n0nce">');
    expect(html).toContain("style-src https://own.example 'nonce-n0nce'");
  });

  it('escapes the title', () => {
    expect(html).toContain('<title>Tom &amp; &quot;Jerry&quot; &lt;x&gt;</title>');
  });
});
