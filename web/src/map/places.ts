// What a map is given to show.
import type { Point } from "./earth";

/** A place with a marker. `key` links it with its card; `tone` is the colour of its day, from 0. */
export interface MapPlace extends Point {
  key: string;
  name: string;
  number?: number | undefined;
  tone?: number | undefined;
}

/** A line through points in their order. */
export interface MapWay {
  points: readonly Point[];
  tone?: number | undefined;
}

/** What distances are measured from. */
export interface Origin extends Point {
  name: string;
}

export interface PlaceMapProps {
  /** What the map shows, for whoever does not see it: "Map of 12 places near the Colosseum". */
  name: string;
  places: readonly MapPlace[];
  ways?: readonly MapWay[] | undefined;
  origin?: Origin | undefined;
  /** The place whose card is pointed at. */
  selected?: string | null | undefined;
  /** Called with the key of a marker that was pressed. */
  onSelect?: ((key: string) => void) | undefined;
}
