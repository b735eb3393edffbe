export type Page = 'pair' | 'alignment' | 'runs';

export interface PageAddresses {
  /** What the content security policy calls our own files. */
  readonly source: string;
  readonly script: string;
  readonly style: string;
}

/**
 * The frame of a page. Nothing runs and nothing loads but our own bundle, our own style, and media of the roots that the
 * panel allows or that a message carried; the toolkit reads its nonce from the meta element.
 */
export function pageHtml(page: Page, title: string, addresses: PageAddresses, nonce: string): string {
  const { source, script, style } = addresses;
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source} 'nonce-${nonce}'`,
    `img-src ${source} data:`,
    `media-src ${source} data:`,
    `font-src ${source}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="csp-nonce" content="${nonce}">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${style}">
<script nonce="${nonce}" src="${script}" defer></script>
</head>
<body data-page="${page}"></body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
