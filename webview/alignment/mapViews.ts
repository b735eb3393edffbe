import type { MapView } from '../../src/protocol.ts';

/** Which map it is. */
type Which = Pick<MapView, 'report' | 'projection'>;

/** Maps that are remembered, the latest last. */
const most = 6;

/** How the person left a map. */
export function viewOfMap(views: readonly MapView[], { report, projection }: Which): MapView {
  const known = views.find((view) => view.report === report && view.projection === projection);
  return known ?? { report, projection };
}

/** With what is in sight of a map now; all of it where nothing is said. */
export function withSight(views: readonly MapView[], which: Which, sight: MapView['sight']): MapView[] {
  const { sight: _, ...own } = viewOfMap(views, which);
  return [...without(views, own), sight === undefined ? own : { ...own, sight }].slice(-most);
}

/** With what is chosen on a map now; nothing is chosen on the others any more. */
export function withOutline(
  views: readonly MapView[],
  which: Which,
  outline: readonly { readonly x: number; readonly y: number }[],
): MapView[] {
  const unchosen = views.map(({ outline: _, ...view }) => view);
  const own = viewOfMap(unchosen, which);
  return [...without(unchosen, own), outline.length === 0 ? own : { ...own, outline: [...outline] }].slice(-most);
}

function without(views: readonly MapView[], { report, projection }: Which): MapView[] {
  return views.filter((view) => view.report !== report || view.projection !== projection);
}
