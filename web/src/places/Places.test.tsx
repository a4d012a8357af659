import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";

import { ApiError } from "../api/errors";
import type { Recommendation, RecommendRequest, RecommendResponse } from "../api/models";
import { renderWith } from "../testing/services";
import { Places } from "./Places";

// Leaflet wants a browser that lays out; the browser tests look at the map.
vi.mock("../map/PlaceMap", () => ({ PlaceMap: ({ name }: { name: string }) => <p>{name}</p> }));

function place(id: string, categories: string[], km: number | null = 1): Recommendation {
  return {
    landmark_id: id,
    landmark: `The ${id}`,
    country: "IT",
    city: "Rome",
    latitude: 41.9,
    longitude: 12.5,
    distance_km: km,
    closest_itinerary_landmark: null,
    similarity: 0.5,
    score: 0.5,
    reason: "Like what your photo shows.",
    description: "Old stones.",
    categories,
  };
}

function answering(answer: (request: RecommendRequest) => Partial<RecommendResponse>) {
  return vi.fn((request: RecommendRequest) =>
    Promise.resolve<RecommendResponse>({
      recommendations: [],
      search_mode: "nearby",
      unresolved: [],
      ...answer(request),
    }),
  );
}

const BASIS = { prediction_id: "01P" };
const TWO = [place("arch", ["monument"]), place("park", ["garden"], 0.35)];

describe("places", () => {
  it("are cards with where they are, how far, and why", async () => {
    renderWith(<Places basis={BASIS} />, {
      recommend: answering(() => ({ recommendations: TWO })),
    });
    const card = (await screen.findByRole("heading", { name: "The park" })).closest("li");
    const shown = within(card as HTMLElement);
    expect(shown.getByText("Rome, Italy")).toBeTruthy();
    expect(shown.getByText("350 m")).toBeTruthy();
    expect(card?.textContent).toContain("about 6 minutes on foot");
    expect(shown.getByText("garden")).toBeTruthy();
    expect(screen.getByText("Map of 2 places")).toBeTruthy();
  });

  it("of one kind are chosen without asking again", async () => {
    const recommend = answering(() => ({ recommendations: TWO }));
    renderWith(<Places basis={BASIS} />, { recommend });
    await screen.findByRole("heading", { name: "The park" });
    fireEvent.change(screen.getByLabelText("What kind?"), { target: { value: "garden" } });
    expect(screen.queryByRole("heading", { name: "The arch" })).toBeNull();
    expect(screen.getByRole("heading", { name: "The park" })).toBeTruthy();
    expect(recommend).toHaveBeenCalledTimes(1);
  });

  it("are asked for once for all the letters of a word", async () => {
    const recommend = answering(() => ({ recommendations: TWO }));
    renderWith(<Places basis={BASIS} />, { recommend });
    await screen.findByRole("heading", { name: "The park" });
    const words = screen.getByLabelText("What would you like to see?");
    for (const value of ["f", "fo", "fountains"]) fireEvent.change(words, { target: { value } });
    await waitFor(() => expect(recommend).toHaveBeenCalledTimes(2));
    expect(recommend.mock.calls[1]?.[0]).toMatchObject({ llava_description: "fountains" });
  });

  it("that there are none of lead on to where there are", async () => {
    const recommend = answering(({ max_distance_km: km }) => ({
      recommendations: km === null ? TWO : [],
      search_mode: km === null ? "global" : "nearby",
    }));
    renderWith(<Places basis={BASIS} />, { recommend });
    expect(await screen.findByText(/I know of nothing like that within 50 km/)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Look anywhere" }));
    expect(await screen.findByRole("heading", { name: "The arch" })).toBeTruthy();
  });

  it("tell which names were not understood, and take what was meant", async () => {
    const recommend = answering(({ itinerary_landmarks: [name] = [] }) => ({
      recommendations: TWO,
      unresolved: name === "Colloseum" ? [{ name, suggestions: ["Colosseum"] }] : [],
    }));
    renderWith(<Places basis={{ itinerary_landmarks: ["Colloseum"] }} />, { recommend });
    fireEvent.click(await screen.findByRole("button", { name: "Colosseum" }));
    await waitFor(() => expect(screen.queryByText(/I do not know/)).toBeNull());
    expect(recommend.mock.lastCall?.[0].itinerary_landmarks).toEqual(["Colosseum"]);
  });

  it("say what to do while nothing says what to look for, and ask nobody", () => {
    const recommend = answering(() => ({}));
    renderWith(<Places basis={{}} />, { recommend });
    expect(screen.getByText(/Write what you would like to see/)).toBeTruthy();
    expect(recommend).not.toHaveBeenCalled();
  });

  it("that cannot be had are asked for again on demand", async () => {
    const recommend = answering(() => ({ recommendations: TWO })).mockRejectedValueOnce(
      new ApiError(503, "Busy.", { code: "service_unavailable" }),
    );
    renderWith(<Places basis={BASIS} />, { recommend });
    fireEvent.click(await screen.findByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("heading", { name: "The arch" })).toBeTruthy();
  });
});
