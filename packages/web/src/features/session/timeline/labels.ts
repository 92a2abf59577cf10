/** A label that would like to stand at a place. */
interface Wanted {
  key: string;
  /** Where it begins if it has the room, in pixels. */
  left: number;
  width: number;
}

const GAP_PX = 8;
/** Moved further than this part of its width, a label would seem to be of something else. */
const FARTHEST = 0.6;

/**
 * Where labels of one line stand so that none covers another: each as near as it can to where it wants to be, within
 * `width`; one that finds no room is left out, and its words are told elsewhere. The first are the most important.
 */
export function placeLabels(wanted: readonly Wanted[], width: number): Map<string, number> {
  const taken: { left: number; right: number }[] = [];
  const places = new Map<string, number>();
  for (const { key, left, width: wide } of wanted) {
    const at = freePlace(Math.max(0, Math.min(left, width - wide)), wide, width, taken);
    if (at === null) continue;
    places.set(key, at);
    taken.push({ left: at, right: at + wide });
  }
  return places;
}

function freePlace(
  left: number,
  wide: number,
  width: number,
  taken: readonly { left: number; right: number }[],
): number | null {
  const fits = (at: number) =>
    at >= 0 &&
    at + wide <= width &&
    taken.every((each) => at + wide + GAP_PX <= each.left || at >= each.right + GAP_PX);
  if (fits(left)) return left;
  const candidates = taken.flatMap((each) => [each.right + GAP_PX, each.left - GAP_PX - wide]).filter(fits);
  const nearest = candidates.sort((a, b) => Math.abs(a - left) - Math.abs(b - left))[0];
  return nearest !== undefined && Math.abs(nearest - left) <= wide * FARTHEST ? nearest : null;
}
