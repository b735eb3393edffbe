const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as content or attribute value of HTML and SVG. */
export function escapeMarkup(text: string): string {
  // Control characters but tab and line breaks are not allowed in XML, not even escaped.
  return text
    .replace(/[^\P{Cc}\t\n\r]/gu, '\u{FFFD}')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Text inside a line or a table's cell of Markdown. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|#~]/g, '\\$&').replace(/\s+/g, ' ');
}

const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '±': '$\\pm$',
  '−': '$-$',
  '→': '$\\to$',
  '<': '$<$',
  '>': '$>$',
};

/** Text inside a paragraph or a table's cell of LaTeX. */
export function escapeLatex(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\~^±−→<>]|[&%$#_{}]/g, (character) => LATEX[character] ?? `\\${character}`);
}
