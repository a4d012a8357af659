// The markers of places on the map, each with its number and, where there is room, its name.
import {
  DivIcon,
  DomEvent,
  type LatLng,
  LayerGroup,
  type Map as LeafletMap,
  Marker,
} from "leaflet";

import type { Point } from "./earth";
import { type Area, type Labelled, placeLabels } from "./labels";
import type { MapPlace, Origin } from "./places";
import { type Spot, spread } from "./spread";

// Of a name in the map's font: to know its room without laying it out first.
const CHARACTER_PX = 7.4;
const LABEL_PADDING_PX = 8;
const LONGEST_LABEL_PX = 165;
// The circles touch, nearly. In a crowd there is no room for a thumb; the list has its buttons.
const APART_PX = 34;
const ROOM_FOR_A_THUMB_PX = 46;

/** Something with a name beside it. */
interface Mark {
  name: string;
  marker: Marker;
  /** Has the side on which the name is. */
  element: HTMLElement;
}

interface Pin extends Mark {
  key: string;
  /** From the circle to where the place is, if the circle had to make room. */
  leader: HTMLSpanElement;
}

/** Places as buttons that are real ones: they have a name and answer to the keyboard by themselves. */
export class Markers {
  readonly #group = new LayerGroup();
  #pins: Pin[] = [];
  #origin: Mark | null = null;
  #offsets: Spot[] = [];
  #selected: string | null = null;

  constructor(
    private readonly map: LeafletMap,
    private readonly onSelect: (key: string) => void,
  ) {
    this.#group.addTo(map);
    map.on("zoomend", () => this.#arrange());
    map.on("moveend resize", () => this.#label());
  }

  /** Show places, and the `origin`, which stays where it is. */
  show(
    places: readonly MapPlace[],
    origin: Origin | undefined,
    locate: (point: Point) => LatLng,
  ): void {
    this.#group.clearLayers();
    this.#origin = origin ? this.#mark(origin, locate(origin)) : null;
    this.#pins = places.map((place) => this.#add(place, locate(place)));
    this.select(this.#selected);
    this.#arrange();
  }

  select(key: string | null): void {
    this.#selected = key;
    for (const pin of this.#pins) {
      const isSelected = pin.key === key;
      pin.element.classList.toggle("is-selected", isSelected);
      pin.marker.setZIndexOffset(isSelected ? 1000 : 0);
    }
  }

  #mark({ name }: Origin, position: LatLng): Mark {
    const element = span("map-origin", "");
    element.append(span("map-origin-dot", ""), span("map-label", name));
    element.setAttribute("aria-hidden", "true");
    const icon = new DivIcon({ html: element, className: "map-marker", iconSize: [0, 0] });
    const marker = new Marker(position, { icon, interactive: false, keyboard: false });
    this.#group.addLayer(marker);
    return { name, marker, element };
  }

  #add({ key, name, number, tone = 0 }: MapPlace, position: LatLng): Pin {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `map-pin tone-${tone % 6}`;
    // The same words as can be seen, for those who press by saying them.
    button.setAttribute("aria-label", number ? `${number} ${name}` : name);
    button.append(span("map-pin-dot", number ? String(number) : ""), " ", span("map-label", name));
    button.addEventListener("click", () => this.onSelect(key));
    DomEvent.disableClickPropagation(button);
    const leader = span("map-leader", "");
    const html = document.createElement("div");
    html.append(leader, button);
    const icon = new DivIcon({ html, className: "map-marker", iconSize: [0, 0] });
    const marker = new Marker(position, { icon, interactive: false, keyboard: false });
    this.#group.addLayer(marker);
    return { key, name, marker, element: button, leader };
  }

  /** Move circles apart that would lie on one another at this zoom. */
  #arrange(): void {
    const fixed = this.#origin ? [this.#spotOf(this.#origin.marker)] : [];
    const spots = this.#pins.map(({ marker }) => this.#spotOf(marker));
    this.#offsets = spread([...fixed, ...spots], APART_PX, fixed.length > 0).slice(fixed.length);
    const moved = spots.map(({ x, y }, at) => {
      const offset = this.#offsets[at] ?? { x: 0, y: 0 };
      return { x: x + offset.x, y: y + offset.y };
    });
    this.#pins.forEach(({ element, leader }, at) => {
      const { x, y } = this.#offsets[at] ?? { x: 0, y: 0 };
      element.style.transform = `translate(calc(${x}px - 50%), calc(${y}px - 50%))`;
      leader.style.width = `${Math.hypot(x, y)}px`;
      leader.style.transform = `rotate(${Math.atan2(y, x)}rad)`;
      element.classList.toggle("has-room", nearestPx(moved, at) >= ROOM_FOR_A_THUMB_PX);
    });
    this.#label();
  }

  #label(): void {
    const origin = this.#origin ? [this.#origin] : [];
    const none = origin.map(() => ({ x: 0, y: 0 }));
    const offsets = [...none, ...this.#offsets];
    const marks: Mark[] = [...origin, ...this.#pins];
    const { x: width, y: height } = this.map.getSize();
    const labelled = marks.map(({ marker, name }, at): Labelled => {
      const { x, y } = this.#spotOf(marker);
      const offset = offsets[at] ?? { x: 0, y: 0 };
      const room = Math.min(name.length * CHARACTER_PX, LONGEST_LABEL_PX) + LABEL_PADDING_PX;
      return { x: x + offset.x, y: y + offset.y, width: room };
    });
    const sides = placeLabels(labelled, { width, height }, controlsIn(width, height));
    marks.forEach(({ element }, at) => {
      element.dataset.side = sides[at] ?? "none";
    });
  }

  #spotOf(marker: Marker): Spot {
    return this.map.latLngToContainerPoint(marker.getLatLng());
  }
}

/** Where the map's own buttons, its scale and its attribution are. */
function controlsIn(width: number, height: number): Area[] {
  return [
    { left: 0, top: 0, right: 60, bottom: 104 },
    { left: 0, top: height - 28, right: 130, bottom: height },
    { left: width - 170, top: height - 24, right: width, bottom: height },
  ];
}

function nearestPx(spots: readonly Spot[], at: number): number {
  const own = spots[at];
  if (!own) return 0;
  return spots.reduce((nearest, { x, y }, other) => {
    return other === at ? nearest : Math.min(nearest, Math.hypot(x - own.x, y - own.y));
  }, Number.POSITIVE_INFINITY);
}

function span(className: string, words: string): HTMLSpanElement {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = words;
  return element;
}
