// Runs before each file of tests: every test starts with an empty page, and with nobody signed in.
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// On a busy machine a page takes longer than the usual second; a test that fails waits for it.
configure({ asyncUtilTimeout: 10_000 });

afterEach(() => {
  cleanup();
  localStorage.clear();
  location.hash = "";
});
