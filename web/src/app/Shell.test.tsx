import { act, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { PhotoDesk } from "../photo/desk";
import { KNOWN } from "../testing/answers";
import { ANNA, renderWith } from "../testing/services";
import { Shell } from "./Shell";

vi.mock("../places/Places", () => ({ Places: () => null }));
vi.mock("../places/AddToTrip", () => ({ AddToTrip: () => null }));

const photo = new File(["photo"], "rome.jpg", { type: "image/jpeg" });

function withPhoto() {
  const desk = new PhotoDesk({ predict: async () => KNOWN }, async (same) => same);
  const view = renderWith(<Shell />, {}, { desk });
  act(() => desk.put(photo));
  return view;
}

const arrived = () => screen.findByRole("heading", { name: "Colosseum" });

test("whoever is signed in can go everywhere, and is told where they are", () => {
  renderWith(<Shell />);
  const links = screen.getAllByRole("link").filter((link) => link.closest("nav"));
  expect(links.map(({ textContent }) => textContent)).toEqual([
    "Photo",
    "Trips",
    "History",
    "Account",
  ]);
  expect(links[0]?.getAttribute("aria-current")).toBe("page");
});

test("a session that ended asks for the password, says why, and keeps the photo", async () => {
  const { services } = withPhoto();
  await arrived();
  act(() => services.session.end({ expired: true }));
  expect(screen.getByText(/You have been signed out/)).toBeTruthy();
  expect(screen.queryByRole("navigation")).toBeNull();
  act(() => void services.session.keep({ ...ANNA, access_token: "access 2" }));
  await arrived();
});

test("signing out leaves nothing on the page", async () => {
  const { services } = withPhoto();
  await arrived();
  act(() => services.session.end());
  expect(screen.queryByText(/You have been signed out/)).toBeNull();
  expect(services.desk.current().step).toBe("empty");
});

test("the next user finds an empty page", async () => {
  const { services } = withPhoto();
  await arrived();
  act(() => services.session.end({ expired: true }));
  act(() => void services.session.keep({ ...ANNA, user_id: "01BEN", username: "ben" }));
  expect(services.desk.current().step).toBe("empty");
});

test("having no connection is said on every page", () => {
  renderWith(<Shell />);
  vi.stubGlobal("navigator", { onLine: false });
  act(() => void window.dispatchEvent(new Event("offline")));
  expect(screen.getByText(/You are offline/)).toBeTruthy();
});
