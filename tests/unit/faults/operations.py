"""Every route that calls anybody: a request, and what has to be true once it was sent again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from common import keys
from tests.fakes.events import read_json
from tests.unit.faults.world import EMAIL, PASSWORD, World, in_base64

if TYPE_CHECKING:
    from collections.abc import Callable

Sent = tuple[str, str, object, dict[str, Any]]
ANOTHER_PASSWORD = "a longer journey"


def nothing(_world: World) -> None:
    """Look at nothing: what only reads leaves nothing."""


@dataclass(frozen=True)
class Operation:
    """A request; `again` is what the same request may be answered with a second time.

    `settled` looks whether it was then done exactly once.
    """

    name: str
    method: str
    path: str
    body: Callable[[World], object] = lambda _world: None
    again: frozenset[int] = frozenset({200})
    settled: Callable[[World], None] = nothing
    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()

    def send(self, world: World) -> dict[str, Any]:
        path = self.path.format(**vars(world))
        more = {"headers": dict(self.headers), "query": dict(self.query)}
        return world.call(self.method, path, self.body(world), **more)

    def __str__(self) -> str:
        return self.name


def _signs_in(world: World, password: str = PASSWORD) -> bool:
    return bool(world.sign_in(password)["statusCode"] == 200)


def _new_account_signs_in(world: World) -> None:
    body = {"email": "new@example.com", "password": PASSWORD}
    assert world.call("POST", "/auth/login", body)["statusCode"] == 200


def _session_goes_on(world: World) -> None:
    answer = world.call("POST", "/auth/refresh", {"refresh_token": world.refresh_token})
    assert answer["statusCode"] == 200, "a lost answer is given again"
    successor = read_json(answer)["refresh_token"]
    assert world.call("POST", "/auth/refresh", {"refresh_token": successor})["statusCode"] == 200


def _session_is_over(world: World) -> None:
    answer = world.call("POST", "/auth/refresh", {"refresh_token": world.refresh_token})
    assert answer["statusCode"] == 401


def _only_the_new_password_is_good(world: World) -> None:
    assert _signs_in(world, ANOTHER_PASSWORD)
    assert not _signs_in(world)
    _session_is_over(world)


def _last_mail_is_good(world: World) -> None:
    body = {"token": world.mailed_token(), "password": ANOTHER_PASSWORD}
    assert world.call("POST", "/auth/password-reset/confirm", body)["statusCode"] == 204


def _is_renamed(world: World) -> None:
    assert read_json(world.call("GET", "/user/profile"))["username"] == "lovelace"
    body = {"email": "n@example.com", "username": "ada", "password": PASSWORD}
    assert world.call("POST", "/auth/signup", body)["statusCode"] == 201, "the old name is free"


def _is_gone(world: World) -> None:
    left = [key for key, item in world.wire.table.items.items() if world.user_id in f"{key}{item}"]
    assert left == []
    assert keys.credentials(EMAIL) not in world.wire.table.items


def _has_one_more_trip(world: World) -> None:
    names = [one["name"] for one in read_json(world.call("GET", "/itinerary"))["itineraries"]]
    assert names == ["Lyon", "Rome"]


def _trip_changed_once(world: World) -> None:
    answer = world.call("GET", f"/itinerary/{world.itinerary_id}")
    assert (read_json(answer)["name"], answer["headers"]["etag"]) == ("Roma", '"2"')


def _trip_is_gone(world: World) -> None:
    assert world.call("GET", f"/itinerary/{world.itinerary_id}")["statusCode"] == 404


def _prediction_is_gone(world: World) -> None:
    assert world.call("GET", f"/predictions/{world.prediction_id}")["statusCode"] == 404


def _feedback_is_kept(world: World) -> None:
    said = read_json(world.call("GET", f"/predictions/{world.prediction_id}"))["feedback"]
    assert said["landmark"] == "Petra"


def _password(_world: World) -> object:
    return {"password": PASSWORD}


def _refresh_token(world: World) -> object:
    return {"refresh_token": world.refresh_token}


IF_MATCH = (("if-match", '"1"'),)
OPERATIONS = (
    Operation("sign up", "POST", "/auth/signup",
              lambda _: {"email": "new@example.com", "username": "new", "password": PASSWORD},
              frozenset({201, 409}), _new_account_signs_in),
    Operation("sign in", "POST", "/auth/login",
              lambda _: {"email": EMAIL, "password": PASSWORD}),
    Operation("sign in with a wrong password", "POST", "/auth/login",
              lambda _: {"email": EMAIL, "password": "wrong"}, frozenset({401})),
    Operation("sign in to nothing", "POST", "/auth/login",
              lambda _: {"email": "nobody@example.com", "password": PASSWORD}, frozenset({401})),
    Operation("refresh", "POST", "/auth/refresh", _refresh_token, settled=_session_goes_on),
    Operation("sign out", "POST", "/auth/logout", _refresh_token, frozenset({204}),
              _session_is_over),
    Operation("sign out everywhere", "POST", "/auth/logout",
              lambda world: {"refresh_token": world.refresh_token, "everywhere": True},
              frozenset({204, 401}), _session_is_over),
    Operation("change the password", "POST", "/auth/password",
              lambda _: {"current_password": PASSWORD, "new_password": ANOTHER_PASSWORD},
              frozenset({200, 403}), _only_the_new_password_is_good),
    Operation("ask for a reset", "POST", "/auth/password-reset/request",
              lambda _: {"email": EMAIL}, frozenset({202}), _last_mail_is_good),
    Operation("ask for a reset of nothing", "POST", "/auth/password-reset/request",
              lambda _: {"email": "nobody@example.com"}, frozenset({202})),
    Operation("reset the password", "POST", "/auth/password-reset/confirm",
              lambda world: {"token": world.reset_token, "password": ANOTHER_PASSWORD},
              frozenset({204, 400}), _only_the_new_password_is_good),
    Operation("show the account", "GET", "/user/profile"),
    Operation("rename", "PATCH", "/user/profile", lambda _: {"username": "lovelace"},
              settled=_is_renamed),
    Operation("rename in another case", "PATCH", "/user/profile", lambda _: {"username": "Ada"}),
    Operation("leave", "DELETE", "/user/profile", _password, frozenset({204, 404}), _is_gone),
    Operation("export", "GET", "/user/export"),
    Operation("list predictions", "GET", "/predictions"),
    Operation("show a prediction", "GET", "/predictions/{prediction_id}"),
    Operation("delete a prediction", "DELETE", "/predictions/{prediction_id}",
              again=frozenset({204, 404}), settled=_prediction_is_gone),
    Operation("give feedback", "POST", "/feedback",
              lambda world: {"prediction_id": world.prediction_id, "correct": False,
                             "landmark": "Petra"}, settled=_feedback_is_kept),
    Operation("take feedback back", "POST", "/feedback",
              lambda world: {"prediction_id": world.labelled_id, "correct": False}),
    Operation("make a trip", "POST", "/itinerary", lambda world: world.trip, frozenset({201})),
    Operation("make a trip once", "POST", "/itinerary",
              lambda world: {**world.trip, "name": "Lyon"}, frozenset({201, 409}),
              _has_one_more_trip, (("idempotency-key", "a-key"),)),
    Operation("list trips", "GET", "/itinerary"),
    Operation("show a trip", "GET", "/itinerary/{itinerary_id}"),
    Operation("change a trip", "PATCH", "/itinerary/{itinerary_id}",
              lambda _: {"name": "Roma"}, frozenset({200, 412}), _trip_changed_once, IF_MATCH),
    Operation("delete a trip", "DELETE", "/itinerary/{itinerary_id}",
              again=frozenset({204, 404}), settled=_trip_is_gone, headers=IF_MATCH),
    Operation("order a trip", "GET", "/itinerary/{itinerary_id}/order", query=(("day", "1"),)),
    Operation("name a photo", "POST", "/predict", lambda world: world.new_photo),
    Operation("name a photo again", "POST", "/predict", lambda world: world.photo),
    Operation("name two photos", "POST", "/predict",
              lambda world: {"images": [in_base64(world.photo), in_base64(world.new_photo)]}),
    Operation("name an upload", "POST", "/predict", lambda world: {"upload_key": world.upload_key}),
    Operation("ask for a form", "POST", "/uploads"),
    Operation("describe a photo", "POST", "/describe", lambda world: world.photo),
    Operation("describe an upload", "POST", "/describe",
              lambda world: {"upload_key": world.upload_key}),
    Operation("describe a prediction", "POST", "/describe",
              lambda world: {"prediction_id": world.prediction_id}),
    Operation("recommend", "POST", "/recommend",
              lambda _: {"itinerary_landmarks": ["Eiffel Tower"]}),
    Operation("recommend by a prediction", "POST", "/recommend",
              lambda world: {"prediction_id": world.prediction_id}),
)  # fmt: skip
