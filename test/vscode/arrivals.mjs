/** Run in every frame of a window before its own scripts: notes when what arrives in a page of PairLab. */
export function noteArrivals() {
  const arrivals = {};
  globalThis.arrivals = arrivals;
  const { addEventListener } = globalThis;
  // The editor writes the page into a frame that is there already, which ends all earlier listeners.
  globalThis.addEventListener = (type, listener, ...rest) => {
    const noting = (event) => {
      if (event.data?.state?.maps?.length > 0) arrivals.map ??= Date.now();
      return listener(event);
    };
    addEventListener.call(globalThis, type, type === 'message' ? noting : listener, ...rest);
  };
  const look = () => {
    if (document.querySelector('section.retrieval .figure')) arrivals.numbers = Date.now();
    else setTimeout(look, 5);
  };
  look();
}

/**
 * When the page was there, its first numbers were on the screen and the data of its first map came, in milliseconds
 * since 1970.
 * @param {import('@playwright/test').Frame} frame
 * @returns {Promise<{ page: number, numbers: number, map: number }>}
 */
export function arrivalsIn(frame) {
  return frame.evaluate(() => ({ page: performance.timeOrigin, ...globalThis.arrivals }));
}

/** Runs in a page: writes on its body when its list of pairs is without a row, be it for a moment. */
export function noteEmptyList() {
  const note = () => {
    if (!document.querySelector('.pair-row')) document.body.dataset.emptied = 'yes';
  };
  new MutationObserver(note).observe(document.body, { childList: true, subtree: true });
}
