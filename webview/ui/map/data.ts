/** What a map shows. Nothing of it is changed by the map, nor may it change while the map shows it. */
export interface MapData {
  /** n × 2, row by row: where each point lies, y upwards. Points that are not finite are left out. */
  readonly positions: Float32Array;
  /** n: 0 for a point of the first modality, 1 for one of the second. */
  readonly kind: Uint8Array;
  /** What the two modalities are called. */
  readonly names: readonly [string, string];
  /** m × 2, row by row: the two points of each pair. */
  readonly pairs: Uint32Array;
  readonly colour: MapColour;
}

/** What the colours of the points mean. `values` has one value for each point. */
export type MapColour =
  | { readonly kind: 'modality' }
  | {
      readonly kind: 'category';
      readonly values: Uint16Array;
      /** What each value stands for. A value beyond the names is not known. */
      readonly names: readonly string[];
      readonly label: string;
    }
  | {
      readonly kind: 'number';
      /** NaN where the value is not known. */
      readonly values: Float32Array;
      /** The values at the two ends of the ramp; those beyond take the colour of the end. */
      readonly low: number;
      readonly high: number;
      readonly label: string;
    };

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}
