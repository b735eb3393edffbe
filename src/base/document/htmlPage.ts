import { escapeMarkup } from './escape.ts';
import type { TextTable } from './textTable.ts';

/** Nothing is loaded from anywhere, and nothing runs. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The parts of a page. `lead` is text; the others are markup. */
export interface PageParts {
  /** What the page is about, as its heading. */
  readonly name: string;
  readonly kind: string;
  readonly lead: string;
  readonly sections: readonly string[];
  readonly facts: readonly (readonly [string, string])[];
}

/** One page that needs no other file, light or dark as its reader has it. */
export function htmlPage({ name, kind, lead, sections, facts }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeMarkup(name)} – PairLab ${escapeMarkup(kind)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<p class="kicker">PairLab ${escapeMarkup(kind)}</p>
<h1>${escapeMarkup(name)}</h1>
<p class="lead">${escapeMarkup(lead)}</p>
</header>
<main>
${sections.filter((section) => section !== '').join('\n')}
</main>
<footer>
<dl>${facts.map(([label, value]) => `<dt>${escapeMarkup(label)}</dt><dd>${escapeMarkup(value)}</dd>`).join('')}</dl>
</footer>
</body>
</html>
`;
}

/** A section with a heading; the parts are markup. */
export function htmlSection(title: string, ...parts: readonly string[]): string {
  return `<section>\n<h2>${escapeMarkup(title)}</h2>\n${parts.join('\n')}\n</section>`;
}

/** The same, closed until its heading is pressed. */
export function htmlDetails(title: string, ...parts: readonly string[]): string {
  return `<details>\n<summary><h2>${escapeMarkup(title)}</h2></summary>\n${parts.join('\n')}\n</details>`;
}

/** A name, and below it labels with what they say. */
export function htmlTerms(name: string, terms: readonly (readonly [string, string])[]): string {
  const parts = terms.map(([label, text]) => `<dt>${escapeMarkup(label)}</dt><dd>${escapeMarkup(text)}</dd>`);
  return `<h3>${escapeMarkup(name)}</h3>\n<dl class="terms">${parts.join('')}</dl>`;
}

export function htmlNote(sentence: string): string {
  return `<p class="note">${escapeMarkup(sentence)}</p>`;
}

/** Nothing when there are none. */
export function htmlNotes(notes: readonly string[]): string {
  const items = notes.map((note) => `<li>${escapeMarkup(note)}</li>`).join('');
  return items === '' ? '' : htmlSection('Notes', `<ul>${items}</ul>`);
}

interface Drawing {
  readonly title: string;
  readonly svg: string;
}

/** Drawings with their titles as a section, side by side where there is room. */
export function htmlFigures(figures: readonly Drawing[]): string {
  return `<section>\n${htmlFigureList(figures)}\n</section>`;
}

/** The same within a section; nothing when there are none. */
export function htmlFigureList(figures: readonly Drawing[]): string {
  const drawn = figures.map(
    ({ title, svg }) => `<figure><figcaption>${escapeMarkup(title)}</figcaption>${svg}</figure>`,
  );
  return drawn.length === 0 ? '' : `<div class="figures">\n${drawn.join('\n')}\n</div>`;
}

export function htmlTable({ header, rows }: TextTable): string {
  const head = header.map((cell) => `<th scope="col">${escapeMarkup(cell)}</th>`).join('');
  const body = rows
    .map(([first = '', ...rest]) => {
      const cells = rest.map((cell) => `<td>${escapeMarkup(cell)}</td>`).join('');
      return `<tr><th scope="row">${escapeMarkup(first)}</th>${cells}</tr>`;
    })
    .join('\n');
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

/** Colours that people with colour blindness tell apart (Okabe and Ito), lighter on a dark ground. */
const STYLE = `
:root { --ground: #fff; --ink: #1c2024; --soft: #5c6670; --line: #dfe3e8; --rule: #9aa4ae;
  --series-0: #0072b2; --series-1: #d55e00; --series-2: #00805f; --series-3: #a8548c; --series-4: #8a6d00; --series-5: #5c6670; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #16191d; --ink: #e6e9ec; --soft: #9ba6b1; --line: #2c3238; --rule: #67717b;
    --series-0: #56b4e9; --series-1: #f0924a; --series-2: #3fcf9f; --series-3: #dd92c3; --series-4: #e6c84f; --series-5: #b4bdc6; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 3rem 1.5rem 4rem; max-width: 76rem; background: var(--ground); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { margin: 0; font-size: 2.1rem; line-height: 1.2; letter-spacing: -0.015em; overflow-wrap: anywhere; }
h2 { margin: 2.6rem 0 0.8rem; font-size: 1.2rem; }
p { margin: 0.6rem 0; }
.kicker { margin: 0 0 0.3rem; color: var(--soft); font-size: 0.85rem; letter-spacing: 0.08em; text-transform: uppercase; }
.lead { max-width: 46rem; font-size: 1.1rem; }
.note, footer { color: var(--soft); font-size: 0.9rem; }
.scroll { overflow-x: auto; }
table { margin-bottom: 1.2rem; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.45rem 1.6rem 0.45rem 0; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child { text-align: left; }
thead th { border-bottom-color: var(--rule); color: var(--soft); font-size: 0.85rem; font-weight: 600; }
tbody th { font-weight: 500; }
h3 { margin: 1.4rem 0 0.3rem; font-size: 1rem; }
.terms { max-width: 60rem; font-size: 0.9rem; }
.terms dt { color: var(--soft); }
details { margin-top: 1.4rem; }
summary { cursor: pointer; }
summary h2 { display: inline; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(30rem, 100%), 1fr)); gap: 2.2rem 2rem; margin-top: 1.6rem; }
figure { margin: 0; }
figcaption { margin-bottom: 0.5rem; font-weight: 600; }
ul { margin: 0; padding-left: 1.2rem; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1.2rem; margin: 0; }
dd { margin: 0; overflow-wrap: anywhere; }
svg { display: block; width: 100%; height: auto; font-family: inherit; }
.grid { stroke: var(--line); }
.axis { stroke: var(--rule); }
.label { fill: var(--soft); }
.series-0, .series-6 { stroke: var(--series-0); }
.series-1, .series-7 { stroke: var(--series-1); }
.series-2, .series-8 { stroke: var(--series-2); }
.series-3, .series-9 { stroke: var(--series-3); }
.series-4, .series-10 { stroke: var(--series-4); }
.series-5, .series-11 { stroke: var(--series-5); }
.series-1, .series-5, .series-9 { stroke-dasharray: 7 4; }
.series-2, .series-6, .series-10 { stroke-dasharray: 2 4; }
.series-3, .series-7, .series-11 { stroke-dasharray: 10 3 2 3; }
.heat { fill: var(--series-0); }
[class^="series-"] { stroke-width: 2; stroke-linejoin: round; }
@media print { details::details-content { content-visibility: visible; height: auto; } body { max-width: none; padding: 0; } section, figure { break-inside: avoid; } }
`;
