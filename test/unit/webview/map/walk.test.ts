import { expect, it } from 'vitest';
import { Walk } from '../../../../webview/ui/map/walk.ts';

it('a walk begins at the first point, whichever way, and goes round', () => {
  const walk = new Walk([7, 8, 9]);
  expect([walk.step(-1), walk.step(-1), walk.step(1), walk.step(1)]).toEqual([7, 9, 7, 8]);
});

it('a walk through nothing leads nowhere', () => {
  const walk = new Walk([]);
  expect([walk.step(1), walk.step(1), walk.step(-1)]).toEqual([undefined, undefined, undefined]);
});
