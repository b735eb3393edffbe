import { afterEach, describe, expect, it, vi } from 'vitest';
import { CpuPainter } from '../../../../webview/ui/map/cpuPainter.ts';
import { GlPainter } from '../../../../webview/ui/map/glPainter.ts';
import { evenOrder } from '../../../../webview/ui/map/order.ts';

afterEach(() => vi.unstubAllGlobals());

describe('drawing a map with the graphics card', () => {
  it('is not tried without WebGL 2, nor where the processor computes it', () => {
    pretend(undefined);
    expect(painterOf(100)).toBeUndefined();
    pretend(new Card({ renderer: 'Google SwiftShader' }));
    expect(painterOf(100)).toBeUndefined();
  });

  it('holds all points where there is memory, and then has nothing to say', () => {
    pretend(new Card({ memory: 12 * 100_000 }));
    expect(painterOf(100_000)).toMatchObject({ count: 100_000, limit: '' });
  });

  it('holds an even sample where there is not enough memory, and says so', () => {
    pretend(new Card({ memory: 12 * 100_000 - 1 }));
    const painter = painterOf(100_000);
    expect(painter?.count).toBe(50_000);
    expect(painter?.limit).toMatch(/no memory for all points: an even sample of 50,000 of 100,000\spoints \(50.0\s%\)/);
  });

  it('is given up where not even few points fit', () => {
    pretend(new Card({ memory: 1000 }));
    expect(painterOf(100_000)).toBeUndefined();
  });

  it('draws no further than the card has pixels', () => {
    const card = new Card({ widest: 1000 });
    pretend(card);
    painterOf(100)?.clear({ size: { width: 4000, height: 500 }, ratio: 1 } as never);
    expect(card.viewport).toEqual([0, 0, 1000, 500]);
  });

  it('tells when the card has forgotten everything, and when its points are in place again', () => {
    const card = new Card({});
    pretend(card);
    const said: string[] = [];
    painterOf(100, said);
    card.happen('webglcontextlost');
    expect(said).toEqual(['lost']);
    card.happen('webglcontextrestored');
    expect(said).toEqual(['lost', 'restored']);
  });

  it('does not come back to a card that has no room any more', () => {
    const card = new Card({});
    pretend(card);
    const said: string[] = [];
    painterOf(100, said);
    card.happen('webglcontextlost');
    card.memory = 0;
    card.happen('webglcontextrestored');
    expect(said).toEqual(['lost']);
  });

  it('says nothing of a card that is given back', () => {
    const card = new Card({});
    pretend(card);
    const said: string[] = [];
    const end = new AbortController();
    painterOf(100, said, end.signal);
    end.abort();
    card.happen('webglcontextlost');
    expect(said).toEqual([]);
  });
});

describe('drawing a map with the processor', () => {
  it('says why where one notices', () => {
    pretend(undefined);
    const limitOf = (points: number, reason: 'none' | 'lost') =>
      new CpuPainter(new Float32Array(2 * points), evenOrder(points), reason).limit;
    expect(limitOf(100, 'none')).toBe('');
    expect(limitOf(30_000, 'none')).toBe(
      'There is no graphics card with WebGL 2 here: the processor draws the points, fewer while the map moves.',
    );
    expect(limitOf(100, 'lost')).toBe(
      'The graphics card has stopped drawing this map: the processor draws the points.',
    );
  });
});

/** Stands for a graphics card: so many bytes of memory, and pixels of a row at most. */
class Card {
  memory: number;
  viewport: number[] = [];
  readonly canvas: Record<string, unknown> & { width: number; height: number };
  readonly context: object;
  private readonly listeners = new Map<string, (event: object) => void>();
  private held = 0;

  constructor({ memory = 1e9, renderer = 'A Card', widest = 16_384 }) {
    this.memory = memory;
    this.canvas = {
      width: 300,
      height: 150,
      addEventListener: (type: string, listener: (event: object) => void) => this.listeners.set(type, listener),
    };
    const known: Record<string, unknown> = {
      getExtension: (name: string) => (name === 'WEBGL_debug_renderer_info' ? {} : null),
      getParameter: () => renderer,
      bufferData: (_: number, data: number | Float32Array) => {
        this.held += typeof data === 'number' ? data : data.byteLength;
      },
      getError: () => {
        const isFull = this.held > this.memory;
        this.held = 0;
        return isFull ? 1285 : 0;
      },
      getProgramParameter: () => true,
      viewport: (...box: number[]) => {
        this.viewport = box;
      },
      NO_ERROR: 0,
    };
    const { canvas } = this;
    this.context = new Proxy(known, {
      get: (_, name: string) => {
        if (name === 'drawingBufferWidth') return Math.min(widest, canvas.width);
        if (name === 'drawingBufferHeight') return canvas.height;
        return known[name] ?? (() => ({}));
      },
    });
  }

  happen(type: string): void {
    this.held = 0;
    this.listeners.get(type)?.({ preventDefault: () => undefined });
  }
}

/** A page whose canvases are drawn by a card, or by none. */
function pretend(card: Card | undefined): void {
  const drawing = card?.canvas ?? {};
  const getContext = (kind: string) => (kind === 'webgl2' && card ? card.context : null);
  const canvas = Object.assign(drawing, { getContext, setAttribute: () => undefined, append: () => undefined });
  vi.stubGlobal('document', { createElement: () => canvas });
}

function painterOf(points: number, said: string[] = [], signal = new AbortController().signal): GlPainter | undefined {
  const context = { lost: () => said.push('lost'), restored: () => said.push('restored') };
  return GlPainter.create(new Float32Array(2 * points), evenOrder(points), context, signal);
}
