/**
 * How much an instance varies beyond its class: the difficulty of a sample, in one place. Tuned so that a few-shot
 * classifier from scratch on simple features (5-way, 5-shot) is right in 40 to 70 % of the cases in every modality:
 * easier, and no alignment could help; harder, and nothing could be learnt.
 */

/** Share of scenes with a second, smaller figure of any concept. */
export const BYSTANDER_SHARE = 0.5;

export const PICTURE = {
  /** Standard deviation of the hue of a colour, degrees. Neighbouring hues lie 28 to 95 degrees apart. */
  hueSpread: 15,
  /** Lightness of a figure, per cent. */
  lightness: [42, 62],
  /** Largest turn to either side, degrees. */
  turn: 40,
  /** A size is scaled by a factor between these. */
  scale: [0.75, 1.2],
  /** Largest shift from the place, of the picture's width: across, and up or down. */
  shift: [0.05, 0.1],
  /** How far the two ends of the background may be from its mean, of 255. */
  background: 45,
  /** Standard deviation of the grain of the background, of 255: coarse blots and single pixels. */
  blots: 50,
  grain: 16,
} as const;

export const SOUND = {
  /** Standard deviation of the tuning of drone and voice, semitones. Neighbouring colours lie four semitones apart. */
  detune: 0.7,
  /** Seconds; the tempo follows. */
  seconds: [0.45, 0.65],
  /** Standard deviation of the loudness, decibels. */
  loudness: 3,
  /** Loudness of the bystander, of the figure's. */
  bystander: 0.4,
  /** Steady tones at any pitch. */
  hums: 4,
  /** Loudness of each hum, and of the hiss, of full scale: between these. */
  hum: [0, 0.2],
  hiss: [0.004, 0.08],
  /** Standard deviation of where the formants lie, natural logarithm. */
  formants: 0.08,
} as const;

export const CAPTION = {
  /** Share of captions that leave the colour, or the shape, unsaid. They never leave out both. */
  omitsColour: 0.2,
  omitsShape: 0.2,
  /** Share of captions that name the size, the texture, the place, and the bystander where there is one. */
  namesSize: 0.7,
  namesTexture: 0.7,
  namesPlace: 0.7,
  namesBystander: 0.7,
} as const;
