// Runs before each file of tests: every test starts with an empty page, and with nobody signed in.
import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

afterEach(() => {
  cleanup();
  localStorage.clear();
  location.hash = "";
});
