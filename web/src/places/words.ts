// Distances and kinds of places in words.

// The page speaks English, whatever the browser speaks: a sentence in two languages helps nobody.
export const LANGUAGE = "en-GB";

// People walk some 4.8 km in an hour, and streets are about a third longer than the crow flies.
const WALKED_KM_A_MINUTE = 4.8 / 60;
const DETOUR = 1.3;
const LONGEST_WALK_KM = 5;

const metres = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 });
const kilometres = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 1 });

/** As the API writes distances: metres below a kilometre, whole kilometres from ten. */
export function distanceInKm(km: number): string {
  if (km < 0.9995) return `${metres.format(km * 1000)} m`;
  return km < 9.95 ? `${kilometres.format(km)} km` : `${metres.format(km)} km`;
}

/** What a distance means to somebody who has to get there. It is as the crow flies. */
export function distanceInWords(km: number): string {
  if (km < 0.05) return "right here";
  if (km < LONGEST_WALK_KM) return `about ${minutesInWords(minutesOnFoot(km))} on foot`;
  if (km < 25) return "a short ride";
  if (km < 100) return "a day trip";
  if (km < 600) return "some hours by train or car";
  return "far away: a journey of its own";
}

/** How long one walks, streets and all. */
export function minutesOnFoot(km: number): number {
  return Math.max(1, Math.round((km * DETOUR) / WALKED_KM_A_MINUTE));
}

function minutesInWords(minutes: number): string {
  if (minutes === 1) return "a minute";
  if (minutes < 50) return `${minutes < 10 ? minutes : 5 * Math.round(minutes / 5)} minutes`;
  const quarters = Math.round(minutes / 15);
  return quarters === 4 ? "an hour" : `${kilometres.format(quarters / 4)} hours`;
}

/** Why a place is offered, less how far it is, where that is said already. */
export function reasonBeyondDistance(reason: string): string {
  const rest = reason.replace(/^[\d.,]+ k?m from .*?(?:; |\.$)/, "");
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** "archaeological site" for archaeological-site. */
export function categoryInWords(category: string): string {
  return category.replaceAll("-", " ");
}

/** "1 place", "3 places". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${metres.format(count)} ${count === 1 ? one : many}`;
}
