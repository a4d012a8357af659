// Where a map can write the names of its places without one lying on another.

/** A marker on the screen, in pixels, and how wide its name is. Earlier ones are served first. */
export interface Labelled {
  x: number;
  y: number;
  width: number;
}

/** On which side of its marker a name is written. */
export type Side = "right" | "left" | "below" | "above";

/** A box of the screen, in pixels. */
export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const LABEL_HEIGHT_PX = 20;
const MARKER_RADIUS_PX = 15;
const GAP_PX = 3;
const SIDES: readonly Side[] = ["right", "left", "below", "above"];

/**
 * Choose a side for each name; null where there is no room for it, or it would be cut off. Nothing
 * is written over what is `covered`.
 */
export function placeLabels(
  markers: readonly Labelled[],
  view: { width: number; height: number },
  covered: readonly Area[] = [],
): (Side | null)[] {
  const taken = [...covered, ...markers.map(({ x, y }) => around(x, y, MARKER_RADIUS_PX))];
  return markers.map((marker) => {
    for (const side of SIDES) {
      const area = areaOf(marker, side);
      if (isWithin(area, view) && !taken.some((other) => overlaps(area, other))) {
        taken.push(area);
        return side;
      }
    }
    return null;
  });
}

function areaOf({ x, y, width }: Labelled, side: Side): Area {
  const away = MARKER_RADIUS_PX + GAP_PX;
  const half = LABEL_HEIGHT_PX / 2;
  switch (side) {
    case "right":
      return { left: x + away, right: x + away + width, top: y - half, bottom: y + half };
    case "left":
      return { left: x - away - width, right: x - away, top: y - half, bottom: y + half };
    case "below":
      return {
        left: x - width / 2,
        right: x + width / 2,
        top: y + away,
        bottom: y + away + LABEL_HEIGHT_PX,
      };
    case "above":
      return {
        left: x - width / 2,
        right: x + width / 2,
        top: y - away - LABEL_HEIGHT_PX,
        bottom: y - away,
      };
  }
}

function around(x: number, y: number, radius: number): Area {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
}

function overlaps(one: Area, other: Area): boolean {
  return (
    one.left < other.right &&
    other.left < one.right &&
    one.top < other.bottom &&
    other.top < one.bottom
  );
}

function isWithin(area: Area, view: { width: number; height: number }): boolean {
  return area.left >= 0 && area.top >= 0 && area.right <= view.width && area.bottom <= view.height;
}
