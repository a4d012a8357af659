import type { ReactNode } from "react";

import type { Recommendation } from "../api/models";
import { whereabouts } from "../app/country";
import { categoryInWords, distanceInKm, distanceInWords, reasonBeyondDistance } from "./words";

interface Props {
  place: Recommendation;
  /** On the map and in the list. */
  number: number;
  selected: boolean;
  onPoint: (id: string | null) => void;
  /** Show it on the map. */
  onShow: (id: string) => void;
  action: ReactNode;
}

export function PlaceCard({ place, number, selected, onPoint, onShow, action }: Props) {
  const { landmark_id: id, landmark, distance_km: km } = place;
  const reason = km === null ? place.reason : reasonBeyondDistance(place.reason);
  return (
    <li
      id={cardId(id)}
      tabIndex={-1}
      className={selected ? "card place-card is-selected" : "card place-card"}
      onPointerEnter={() => onPoint(id)}
      onFocus={() => onPoint(id)}
    >
      <div className="place-head">
        <button
          type="button"
          className="place-number"
          aria-label={`Show ${landmark} on the map, number ${number}`}
          onClick={() => onShow(id)}
        >
          <span className="map-pin-dot">{number}</span>
        </button>
        <div>
          <h3>{landmark}</h3>
          <p className="place-where">{whereabouts(place.city, place.country)}</p>
        </div>
      </div>
      {km !== null && (
        <p className="place-distance">
          <strong>{distanceInKm(km)}</strong>
          {place.closest_itinerary_landmark && ` from ${place.closest_itinerary_landmark}`},{" "}
          {distanceInWords(km)}
        </p>
      )}
      <p>{place.description}</p>
      {reason && <p className="hint">{reason}</p>}
      <ul className="tags" aria-label="Kinds">
        {place.categories.map((category) => (
          <li key={category}>{categoryInWords(category)}</li>
        ))}
      </ul>
      {action}
    </li>
  );
}

export function cardId(landmarkId: string): string {
  return `place-${landmarkId}`;
}
