// The outlines of land and countries, from Natural Earth (public domain) as world-atlas has them.
//
// Of its two sizes this is the larger, 1 : 50 million: 240 kB compressed, fetched only when a
// map is shown and kept by the browser. The smaller one has no Venice, no Istanbul straits and half
// of Greece's islands, and a traveller's map is looked at from country to city.
import type { MultiLineString, MultiPolygon } from "geojson";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import outlinesUrl from "world-atlas/countries-50m.json?url";

import { extent, unrollAreas, unrollLines } from "./unrolled";

/** What is drawn: land without lines in it, and the borders between countries. */
export interface Outlines {
  land: MultiPolygon[];
  borders: MultiLineString;
  /** The longitudes that they reach from and to: beyond ±180 where land crosses the date line. */
  reach: [number, number];
}

type World = Topology<{ countries: GeometryCollection; land: GeometryCollection }>;

let loading: Promise<Outlines> | null = null;

/** Fetch the outlines once for the page; a failure is not kept, so that the next map tries again. */
export function loadOutlines(): Promise<Outlines> {
  loading ??= fetchOutlines().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function fetchOutlines(): Promise<Outlines> {
  const answer = await fetch(outlinesUrl);
  if (!answer.ok) throw new Error(`The outlines were answered with ${answer.status}.`);
  return convertOutlines((await answer.json()) as World);
}

/** Make of the topology what a map draws. */
export function convertOutlines(world: World): Outlines {
  const { countries, land } = world.objects;
  const areas = feature(world, land).features.flatMap(({ geometry }) =>
    geometry.type === "Polygon" || geometry.type === "MultiPolygon" ? unrollAreas(geometry) : [],
  );
  // Lines that two countries share: coasts are where the land's colour ends.
  const borders = unrollLines(mesh(world, countries, (one, other) => one !== other));
  return { land: areas, borders, reach: extent([...areas, borders]) };
}
