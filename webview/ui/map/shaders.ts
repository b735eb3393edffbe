import { diamondScale, dimming } from './look.ts';
import { flags } from './scene.ts';

/** Where each point lies and how it looks. A point that is not shown goes outside of the picture. */
export const vertexShader = `#version 300 es
layout(location = 0) in vec2 place;
layout(location = 1) in vec4 style;
uniform vec2 middle;
uniform vec2 scale;
uniform float width;
uniform float opacity;
uniform bool dimmed;
flat out vec4 fill;
flat out float diamond;
flat out float pixel;

void main() {
  uint state = uint(style.a * 255.0 + 0.5);
  bool second = (state & ${flags.second}u) != 0u;
  bool hidden = (state & ${flags.hidden}u) != 0u;
  bool chosen = (state & ${flags.selected}u) != 0u;
  diamond = second ? 1.0 : 0.0;
  gl_PointSize = second ? width * ${diamondScale} : width;
  pixel = 2.0 / gl_PointSize;
  fill = vec4(style.rgb, dimmed && !chosen ? opacity * ${dimming} : opacity);
  gl_Position = hidden ? vec4(2.0, 2.0, 0.0, 1.0) : vec4((place - middle) * scale, 0.0, 1.0);
}`;

/** A disc or a diamond with soft edges and an outline; colours leave multiplied by their opacity. */
export const fragmentShader = `#version 300 es
precision mediump float;
flat in vec4 fill;
flat in float diamond;
flat in float pixel;
uniform vec3 outline;
uniform float outlineWidth;
out vec4 drawn;

void main() {
  vec2 at = abs(2.0 * gl_PointCoord - 1.0);
  float distance = diamond > 0.5 ? at.x + at.y : length(at);
  float cover = clamp((1.0 - distance) / pixel + 0.5, 0.0, 1.0);
  float inner = clamp((1.0 - outlineWidth * pixel - distance) / pixel + 0.5, 0.0, 1.0);
  vec3 colour = outlineWidth > 0.0 ? mix(outline, fill.rgb, inner) : fill.rgb;
  float opacity = fill.a * cover;
  drawn = vec4(colour * opacity, opacity);
}`;
