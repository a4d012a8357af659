"""`make demo`: sign up, send a photo through the deployed API, and print the answer."""

from __future__ import annotations

import argparse
import json
import mimetypes
import secrets
import sys
from pathlib import Path
from typing import Any

import httpx

from local.terminal import CannotContinueError, say
from local.up import API_FILE

# Lambda gives a function 29 s; the first photo also loads the network.
_TIMEOUT_SECONDS = 60.0
_BAR_WIDTH = 24


def sign_up(client: httpx.Client) -> str:
    """Create an account that nobody else has, and return its access token."""
    name = f"traveller-{secrets.token_hex(4)}"
    answer = client.post(
        "/auth/signup",
        json={
            "email": f"{name}@example.com",
            "username": name,
            "password": secrets.token_urlsafe(16),
        },
    )
    return str(_read(answer)["access_token"])


def predict(client: httpx.Client, photo: Path, access_token: str) -> dict[str, Any]:
    """Send `photo` as it is, and return the API's answer."""
    kind = mimetypes.guess_type(photo.name)[0] or "image/jpeg"
    answer = client.post(
        "/predict",
        content=photo.read_bytes(),
        headers={"authorization": f"Bearer {access_token}", "content-type": kind},
    )
    return _read(answer)


def describe(photo: Path, answer: dict[str, Any]) -> str:
    """Return the answer of `POST /predict` as a few readable lines."""
    lines = [f"{photo.name}:"]
    if answer["recognised"]:
        place = ", ".join(filter(None, (answer["landmark"], answer["predictions"][0].get("city"))))
        lines.append(f"  {place} ({answer['confidence_level']} confidence)")
    else:
        lines.append("  not a landmark that the classifier knows; the nearest guesses are")
    for guess in answer["predictions"]:
        bar = "█" * round(guess["confidence"] * _BAR_WIDTH)
        country = f" · {guess['country']}" if guess.get("country") else ""
        lines.append(
            f"    {guess['confidence']:6.1%} {bar:<{_BAR_WIDTH}} {guess['landmark']}{country}"
        )
    scene = ", ".join(tag["label"] for tag in answer.get("scene", []))
    if scene:
        lines.append(f"  in the picture: {scene}")
    lines.append(f"  {answer['latency_ms']:.0f} ms, model {answer['model_version']}")
    return "\n".join(lines)


def _read(response: httpx.Response) -> dict[str, Any]:
    if response.is_success:
        body: dict[str, Any] = response.json()
        return body
    message = f"{response.request.url.path} answered {response.status_code}: {response.text}"
    raise CannotContinueError(message)


def name_photo(photo: Path) -> str:
    """Send `photo` to the running local cloud and return its answer in readable form.

    Raises `CannotContinueError` when there is no such file, no local cloud, or an error answer.
    """
    if not photo.is_file():
        message = f"{photo} is not a file"
        raise CannotContinueError(message)
    if not API_FILE.is_file():
        message = "The local cloud is not running: make up"
        raise CannotContinueError(message)
    url = json.loads(API_FILE.read_text())["url"]
    try:
        with httpx.Client(base_url=url, timeout=_TIMEOUT_SECONDS, trust_env=False) as client:
            return describe(photo, predict(client, photo, sign_up(client)))
    except httpx.TransportError as error:
        message = f"The local cloud does not answer ({error}): make up"
        raise CannotContinueError(message) from error


def main() -> None:
    """Name the photo given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photo", type=Path)
    try:
        say(name_photo(parser.parse_args().photo))
    except CannotContinueError as error:
        say(f"\n{error}")
        sys.exit(1)


if __name__ == "__main__":
    main()
