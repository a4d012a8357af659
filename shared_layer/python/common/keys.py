"""Every primary key of the one table, in one place.

What they hold, and how they are asked for: `docs/data.md`.

Everything of a user is in that user's partition, so export and deletion are one query.
The credentials lie in the e-mail's own item: signing in is one strongly consistent read that
takes as long for an unknown address as for a known one.
"""

from __future__ import annotations

from typing import NamedTuple


class Key(NamedTuple):
    """The primary key of one item."""

    pk: str
    sk: str


def profile(user_id: str) -> Key:
    """Name the account itself."""
    return Key(f"USER#{user_id}", "PROFILE")


def credentials(email: str) -> Key:
    """Name the item that makes an e-mail address unique and that signing in reads."""
    return Key(f"EMAIL#{email}", "CREDENTIALS")


def username(username_key: str) -> Key:
    """Name the item that makes a username unique."""
    return Key(f"USERNAME#{username_key}", "RESERVATION")


def session(user_id: str, family_id: str) -> Key:
    """Name one signed-in device: a family of refresh tokens, of which one is current."""
    return Key(f"USER#{user_id}", f"SESSION#{family_id}")


def attempts(limit: str, subject_sha256: str, window: int) -> Key:
    """Name the count of somebody's attempts at something in one span of time."""
    return Key(f"ATTEMPTS#{limit}#{subject_sha256}", f"WINDOW#{window}")


def prediction(user_id: str, prediction_id: str) -> Key:
    """Name one prediction; the id sorts by time."""
    return Key(f"USER#{user_id}", f"PREDICTION#{prediction_id}")


def itinerary(user_id: str, itinerary_id: str) -> Key:
    """Name one itinerary; the id sorts by time."""
    return Key(f"USER#{user_id}", f"ITINERARY#{itinerary_id}")


def request(user_id: str, request_hash: str) -> Key:
    """Name what came of a request with an `Idempotency-Key`."""
    return Key(f"USER#{user_id}", f"REQUEST#{request_hash}")


def deletion(user_id: str) -> Key:
    """Name the sign that an account is being deleted; in one partition, to be found again."""
    return Key("DELETIONS", user_id)


def cached_prediction(image_sha256: str, model_version: str) -> Key:
    """Name the answer one version of the model gave to one image."""
    return Key(f"IMAGE#{image_sha256}", f"MODEL#{model_version}")


def cached_description(image_sha256: str, question_sha256: str) -> Key:
    """Name what was answered, or is being asked, about one image.

    The second hash is of what was asked: the prompt and the models.
    """
    return Key(f"IMAGE#{image_sha256}", f"DESCRIPTION#{question_sha256}")


def description_budget(month: str) -> Key:
    """Name the count of everybody's calls in a month, as in "2026-11"."""
    return Key("BUDGET#DESCRIBE", month)


def description_share(user_id: str, month: str) -> Key:
    """Name the count of one user's calls in a month."""
    return Key(f"USER#{user_id}", f"DESCRIBE#{month}")
