const NAMES = new Intl.DisplayNames(["en"], { type: "region" });

/** The name of a country by its ISO 3166-1 code; the code itself where it has none. */
export function countryName(code: string): string {
  try {
    return NAMES.of(code) ?? code;
  } catch {
    return code;
  }
}

/** "Rome, Italy": what is known of where something is; empty where nothing is. */
export function whereabouts(city: string | null, country: string | null): string {
  const name = country && countryName(country);
  return [city, name === city ? null : name].filter(Boolean).join(", ");
}
