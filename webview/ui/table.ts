import { type Child, element } from './dom.ts';

export interface Column {
  title: Child;
  /** Numbers are aligned to the right, in figures of one width. */
  numeric?: boolean;
  /** A class of the column's cells. */
  name?: string;
}

/** A table whose first column names its rows. `caption` is for screen readers. */
export function table(caption: string, columns: readonly Column[], rows: readonly Child[][]): HTMLTableElement {
  const classOf = ({ numeric, name }: Column) => [numeric && 'number', name].filter(Boolean).join(' ') || undefined;
  const head = columns.map((column) => element('th', { scope: 'col', class: classOf(column) }, column.title));
  const body = rows.map((cells) =>
    element(
      'tr',
      {},
      ...columns.map((column, index) => {
        const attributes = { class: classOf(column), scope: index === 0 ? 'row' : undefined };
        return element(index === 0 ? 'th' : 'td', attributes, cells[index]);
      }),
    ),
  );
  return element(
    'table',
    {},
    element('caption', { class: 'spoken' }, caption),
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...body),
  );
}

/** Lets a table scroll sideways within a narrow panel instead of the whole page. */
export function scrolling(content: HTMLTableElement): HTMLElement {
  return element('div', { class: 'scrolling' }, content);
}

/**
 * Makes the rows of a table open something, like the rows of the editor's own lists: one tab stop, arrow keys, Home and
 * End move, Enter, Space and a click open. `open` gets the row's index.
 */
export function openRows(content: HTMLTableElement, open: (index: number) => void): void {
  const rows = [...(content.tBodies[0]?.rows ?? [])];
  content.setAttribute('role', 'grid');
  content.classList.add('openable');
  for (const [index, row] of rows.entries()) {
    row.id = `row-${index}`;
    row.tabIndex = index === 0 ? 0 : -1;
    row.addEventListener('click', () => open(index));
    row.addEventListener('focus', () => {
      for (const other of rows) other.tabIndex = other === row ? 0 : -1;
    });
    row.addEventListener('keydown', (event) => {
      const target = rowAfterKey(event.key, index, rows.length);
      if (event.key === 'Enter' || event.key === ' ') open(index);
      else if (target === undefined) return;
      else rows[target]?.focus();
      event.preventDefault();
    });
  }
}

function rowAfterKey(key: string, index: number, length: number): number | undefined {
  if (key === 'ArrowDown') return Math.min(index + 1, length - 1);
  if (key === 'ArrowUp') return Math.max(index - 1, 0);
  if (key === 'Home') return 0;
  if (key === 'End') return length - 1;
  return undefined;
}
