"""`make demo`: sign up, send a photo through the deployed API, and print what it shows.

After its description in words, three places to go to next follow a landmark that was recognised.
"""

from __future__ import annotations

import argparse
import json
import mimetypes
import secrets
import sys
import textwrap
from pathlib import Path
from typing import Any

import httpx

from local.terminal import CannotContinueError, say
from local.up import API_FILE, LOCAL
from local.web.serving import LocalPage

# Lambda gives a function 29 s; the first photo also loads the network.
_TIMEOUT_SECONDS = 60.0
_BAR_WIDTH = 24
_LINE_WIDTH = 80
_PLACES_SHOWN = 3
_NEARBY_KM = 50


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


def predict(client: httpx.Client, photo: Path) -> dict[str, Any]:
    """Have `photo` named, and return the API's answer."""
    return _read(_send(client, "/predict", photo))


def describe(client: httpx.Client, photo: Path) -> dict[str, Any]:
    """Have `photo` put into words, and return the API's answer."""
    return _read(_send(client, "/describe", photo))


def recommend(client: httpx.Client, landmark_id: str) -> list[dict[str, Any]]:
    """Return places near a landmark; none where the catalogue does not know it.

    A checkpoint that was imported may name landmarks which the catalogue lacks.
    """
    answer = client.post(
        "/recommend",
        json={
            "itinerary_landmarks": [landmark_id],
            "max_distance_km": _NEARBY_KM,
            "top_k": _PLACES_SHOWN,
        },
    )
    if answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
        return []
    places: list[dict[str, Any]] = _read(answer)["recommendations"]
    return places


def list_guesses(photo: Path, answer: dict[str, Any]) -> str:
    """Return the answer of `POST /predict` as a few readable lines."""
    lines = [f"{photo.name}:"]
    if answer["recognised"]:
        place = _with_city(answer["landmark"], answer["predictions"][0].get("city"))
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


def quote(answer: dict[str, Any]) -> str:
    """Return the answer of `POST /describe` as a few readable lines."""
    author = f", by {answer['model']}" if answer["source"] != "local" else ""
    lines = textwrap.wrap(answer["description"], _LINE_WIDTH)
    return "\n".join(["", f"In words{author}:", *(f"    {line}" for line in lines)])


def suggest(places: list[dict[str, Any]]) -> str:
    """Return recommended places as a few readable lines."""
    names = [_with_city(place["landmark"], place["city"]) for place in places]
    width = max(map(len, names))
    lines = [
        f"    {name:<{width}}  {place['distance_km']:5.1f} km"
        for name, place in zip(names, places, strict=True)
    ]
    return "\n".join(["", "Where to go next:", *lines])


def _with_city(landmark: str, city: str | None) -> str:
    return landmark if not city or city in landmark else f"{landmark}, {city}"


def _send(client: httpx.Client, route: str, photo: Path) -> httpx.Response:
    """Send `photo` as it is."""
    kind = mimetypes.guess_type(photo.name)[0] or "image/jpeg"
    return client.post(route, content=photo.read_bytes(), headers={"content-type": kind})


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
            client.headers["authorization"] = f"Bearer {sign_up(client)}"
            answer = predict(client, photo)
            lines = [list_guesses(photo, answer), quote(describe(client, photo))]
            if answer["recognised"]:
                places = recommend(client, answer["predictions"][0]["landmark_id"])
                lines += [suggest(places)] if places else []
            return "\n".join(lines)
    except httpx.TransportError as error:
        message = f"The local cloud does not answer ({error}): make up"
        raise CannotContinueError(message) from error


def main() -> None:
    """Name the photo given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photo", type=Path)
    try:
        say(name_photo(parser.parse_args().photo))
        if page := LocalPage(LOCAL).find():
            say(f"\nYour own photos, and a day planned from them: open {page} in a browser")
    except CannotContinueError as error:
        say(f"\n{error}")
        sys.exit(1)


if __name__ == "__main__":
    main()
