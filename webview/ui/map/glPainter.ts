import { element } from '../dom.ts';
import { count as inWords, percent, plural } from '../numbers.ts';
import type { Rgb } from '../rgb.ts';
import { type Painter, resize } from './painter.ts';
import type { Picture } from './picture.ts';
import { fragmentShader, vertexShader } from './shaders.ts';

/** Below this many there is no use in trying for fewer. */
const fewest = 20_000;

const uniforms = ['middle', 'scale', 'width', 'opacity', 'dimmed', 'outline', 'outlineWidth'] as const;

interface Ready {
  readonly places: Record<(typeof uniforms)[number], WebGLUniformLocation | null>;
  readonly styles: WebGLBuffer;
}

/** What happens to a graphics card while the map is there: after sleep, or when its driver has to start anew. */
export interface ContextEvents {
  /** It has forgotten everything and draws nothing now. */
  lost(): void;
  /** Its points are in place again; their styles are not. */
  restored(): void;
}

/**
 * Draws points with WebGL 2, one vertex and 12 bytes of graphics memory each. What is drawn stays in the canvas until it
 * is cleared, so that a picture can be drawn in parts over several frames.
 */
export class GlPainter implements Painter {
  readonly count: number;
  readonly limit: string;
  private ready: Ready | undefined;

  private constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly gl: WebGL2RenderingContext,
    private readonly positions: Float32Array,
    private readonly order: Uint32Array,
    context: ContextEvents,
    signal: AbortSignal,
  ) {
    this.count = this.load(order.length);
    this.limit = this.count === order.length ? '' : sampleSentence(this.count, order.length);
    canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      this.ready = undefined;
      if (!signal.aborted) context.lost();
    });
    canvas.addEventListener('webglcontextrestored', () => {
      if (this.load(this.count) === this.count) context.restored();
    });
    // A page has but a few contexts, and they live until the memory is swept.
    signal.addEventListener('abort', () => gl.getExtension('WEBGL_lose_context')?.loseContext());
  }

  /**
   * A painter of n × 2 positions, or none where there is no WebGL 2, where it is computed by the processor, or where it
   * cannot hold even a small map.
   */
  static create(
    positions: Float32Array,
    order: Uint32Array,
    context: ContextEvents,
    signal: AbortSignal,
  ): GlPainter | undefined {
    const canvas = element('canvas', { class: 'map-layer', 'aria-hidden': 'true' });
    const gl = canvas.getContext('webgl2', {
      antialias: false,
      depth: false,
      preserveDrawingBuffer: true,
    });
    if (!gl || isComputed(gl)) return undefined;
    const painter = new GlPainter(canvas, gl, positions, order, context, signal);
    return painter.ready ? painter : undefined;
  }

  style(bytes: Uint8Array): void {
    if (!this.ready) return;
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, this.ready.styles);
    this.gl.bufferSubData(this.gl.ARRAY_BUFFER, 0, bytes.subarray(0, 4 * this.count));
  }

  clear(picture: Picture): void {
    const { gl, canvas } = this;
    resize(canvas, picture);
    // A canvas that is larger than the graphics card allows has fewer pixels than it says.
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
  }

  draw({ view, size, ratio, look, outline, outlineWidth, dimmed }: Picture, from: number, to: number): void {
    if (!this.ready || to <= from) return;
    const { gl } = this;
    const { places } = this.ready;
    gl.uniform2f(places.middle, view.x, view.y);
    gl.uniform2f(places.scale, (2 * view.scale) / size.width, (2 * view.scale) / size.height);
    gl.uniform1f(places.width, look.width * ratio);
    gl.uniform1f(places.opacity, look.opacity);
    gl.uniform1i(places.dimmed, Number(dimmed));
    gl.uniform3f(places.outline, ...shares(outline));
    gl.uniform1f(places.outlineWidth, outlineWidth * ratio);
    gl.drawArrays(gl.POINTS, from, to - from);
  }

  /** Puts program and points in place; halves the points until they fit. Returns how many do. */
  private load(wanted: number): number {
    const { gl } = this;
    const program = link(gl);
    if (!program) return 0;
    for (let count = wanted; ; count = Math.ceil(count / 2)) {
      const styles = this.fill(count);
      if (styles) {
        this.ready = { places: locate(gl, program), styles };
        return count;
      }
      if (count <= fewest) return 0;
    }
  }

  /** The two buffers of a number of points, as the program reads them. Returns that of the styles, if there is room. */
  private fill(count: number): WebGLBuffer | undefined {
    const { gl } = this;
    const [places, styles] = [gl.createBuffer(), gl.createBuffer()];
    gl.bindBuffer(gl.ARRAY_BUFFER, places);
    gl.bufferData(gl.ARRAY_BUFFER, ordered(this.positions, this.order, count), gl.STATIC_DRAW);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 8, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, styles);
    gl.bufferData(gl.ARRAY_BUFFER, 4 * count, gl.DYNAMIC_DRAW);
    gl.vertexAttribPointer(1, 4, gl.UNSIGNED_BYTE, true, 4, 0);
    if (gl.getError() === gl.NO_ERROR) {
      for (const attribute of [0, 1]) gl.enableVertexAttribArray(attribute);
      return styles;
    }
    gl.deleteBuffer(places);
    gl.deleteBuffer(styles);
    return undefined;
  }
}

function sampleSentence(held: number, all: number): string {
  const share = `${inWords(held)} of ${plural(all, 'point')} (${percent(held / all)})`;
  return `The graphics card has no memory for all points: an even sample of ${share} is drawn.`;
}

/** Whether the processor plays the graphics card, which is slower than drawing without one. */
function isComputed(gl: WebGL2RenderingContext): boolean {
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  return info !== null && /swiftshader|llvmpipe|basic render/i.test(gl.getParameter(info.UNMASKED_RENDERER_WEBGL));
}

/** The positions of the first points of an order. */
function ordered(positions: Float32Array, order: Uint32Array, count: number): Float32Array {
  const result = new Float32Array(2 * count);
  for (let place = 0; place < count; place++) {
    const at = 2 * (order[place] ?? 0);
    result[2 * place] = positions[at] ?? 0;
    result[2 * place + 1] = positions[at + 1] ?? 0;
  }
  return result;
}

function link(gl: WebGL2RenderingContext): WebGLProgram | undefined {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertexShader],
    [gl.FRAGMENT_SHADER, fragmentShader],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) return undefined;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) return undefined;
  gl.useProgram(program);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  return program;
}

function locate(gl: WebGL2RenderingContext, program: WebGLProgram): Ready['places'] {
  const entries = uniforms.map((name) => [name, gl.getUniformLocation(program, name)] as const);
  return Object.fromEntries(entries) as Ready['places'];
}

function shares([red, green, blue]: Rgb): [number, number, number] {
  return [red / 255, green / 255, blue / 255];
}
