/** A step of a path: a name, a place in a list, or every element. */
export type Step = { readonly name: string } | { readonly index: number } | { readonly every: true };

const STEP = /^(?:\.?\[(?:(\*)|(-?\d+)|'([^']*)'|"([^"]*)")\]|\.?(\*)|\.?([^.[\]*]+))/;

/** Steps of the part of JSONPath that names, places and `[*]` make up; `undefined` for filters, `..` and scripts. */
export function parseJsonPath(path: string): Step[] | undefined {
  const steps: Step[] = [];
  let rest = path.trim().replace(/^\$/, '');
  while (rest !== '') {
    const match = STEP.exec(rest);
    if (match === null || rest.startsWith('..')) return undefined;
    const [whole, every, index, single, double, star, name] = match;
    if (every !== undefined || star !== undefined) steps.push({ every: true });
    else if (index !== undefined) steps.push({ index: Number(index) });
    else steps.push({ name: single ?? double ?? name ?? '' });
    rest = rest.slice(whole.length);
  }
  return steps;
}

/** All values that the steps lead to. */
export function valuesAt(value: unknown, steps: readonly Step[]): unknown[] {
  let found: unknown[] = [value];
  for (const step of steps) found = found.flatMap((element) => follow(element, step));
  return found;
}

function follow(value: unknown, step: Step): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('every' in step) return Object.values(value);
  if ('index' in step) {
    const element: unknown = Array.isArray(value) ? value.at(step.index) : undefined;
    return element === undefined ? [] : [element];
  }
  const entry = Object.entries(value).find(([name]) => name === step.name);
  return entry === undefined || Array.isArray(value) ? [] : [entry[1]];
}
