// Markers that would lie on one another, moved apart until each can be read and pressed.

/** A point on the screen, in pixels. */
export interface Spot {
  x: number;
  y: number;
}

const ROUNDS = 80;
// Of a circle: so that points at one spot leave it in different directions.
const GOLDEN_ANGLE = 2.399963;

/**
 * Return how far each spot has to be moved so that all are `apartPx` from one another, or as good as:
 * in a crowd somebody has to stand closer. Those that have room stay where they are, and so does the
 * first one where that is asked for.
 */
export function spread(spots: readonly Spot[], apartPx: number, firstStays = false): Spot[] {
  const moved = spots.map(({ x, y }) => ({ x, y }));
  for (let round = 0; round < ROUNDS; round += 1) {
    let isCrowded = false;
    for (const [at, one] of moved.entries()) {
      // A little more than half each, so that crowds come to rest.
      const share = firstStays && at === 0 ? 0 : 0.51;
      for (const other of moved.slice(at + 1)) {
        if (pushApart(one, other, apartPx, at, share)) isCrowded = true;
      }
    }
    if (!isCrowded) break;
  }
  return moved.map(({ x, y }, at) => ({ x: x - (spots[at]?.x ?? 0), y: y - (spots[at]?.y ?? 0) }));
}

/** Each makes `share` of the way; where that is nothing, `other` makes all of it. */
function pushApart(one: Spot, other: Spot, apartPx: number, at: number, share: number): boolean {
  let x = other.x - one.x;
  let y = other.y - one.y;
  const distance = Math.hypot(x, y);
  if (distance >= apartPx - 0.5) return false;
  if (distance < 0.01) {
    x = Math.cos(at * GOLDEN_ANGLE);
    y = Math.sin(at * GOLDEN_ANGLE);
  }
  const push = (apartPx - distance) / Math.hypot(x, y);
  one.x -= x * push * share;
  one.y -= y * push * share;
  other.x += x * push * (share || 1);
  other.y += y * push * (share || 1);
  return true;
}
