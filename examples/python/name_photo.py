"""Name a photo, and say where to go from there: `python name_photo.py URL PHOTO`."""

from __future__ import annotations

import mimetypes
import secrets
import sys
from pathlib import Path

from travel_client import TravelApi


def main(url: str, photo: Path) -> None:
    """Talk to the API at `url`."""
    with TravelApi(url) as api:
        ask(api, photo)


def ask(api: TravelApi, photo: Path) -> None:
    """Sign up, name the photo, and have places recommended."""
    name = f"traveller-{secrets.token_hex(4)}"
    email, password = f"{name}@example.com", secrets.token_urlsafe(16)
    api.sign_up({"email": email, "username": name, "password": password})
    media_type = mimetypes.guess_type(photo.name)[0] or "image/jpeg"
    answer = api.predict(photo.read_bytes(), media_type, top_k=3)
    print(answer["landmark"] or "no landmark that is known")  # noqa: T201 - a command
    if answer["recognised"]:
        places = api.recommend({"prediction_id": answer["prediction_id"], "top_k": 3})
        for place in places["recommendations"]:
            print(f"  {place['landmark']}: {place['reason']}")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
