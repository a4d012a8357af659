"""A few minutes of people who use the API, each request written down as the client saw it."""

from __future__ import annotations

import base64
import itertools
import json
import random
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from local.sample_photos import any_photo, take_photo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TIMEOUT_SECONDS = 60.0
# As many as two cores can serve without a queue.
TRAVELLERS_AT_ONCE = 3
PAUSE_SECONDS = (0.1, 0.6)
STOPS = (
    *("Eiffel Tower", "Colosseum", "Machu Picchu", "Great Wall of China", "Big Ben"),
    *("Louvre Museum", "Angkor Wat", "Kolosseum", "The Tower of Nowhere"),
)
WORDS = (
    "a quiet garden with a fountain",
    "historic monument with architecture",
    "a bridge over a wide river at night",
)


@dataclass(frozen=True)
class Exchange:
    """One request, as the client saw it: `at` in seconds since 1970."""

    at: float
    route: str
    status: int
    latency_ms: float


class Journal:
    """The exchanges of all travellers."""

    def __init__(self) -> None:
        """Begin empty."""
        self.exchanges: list[Exchange] = []
        self._lock = threading.Lock()

    def write(self, exchange: Exchange) -> None:
        """Add one."""
        with self._lock:
            self.exchanges.append(exchange)


class Traveller:
    """Someone who signs up, sends photos and looks for places."""

    def __init__(self, url: str, journal: Journal, seed: int) -> None:
        """Be the traveller number `seed`, who does the same things at every run."""
        self._client = httpx.Client(base_url=url, timeout=TIMEOUT_SECONDS, trust_env=False)
        self._journal = journal
        self._random = random.Random(seed)  # noqa: S311 - nothing secret
        name = f"traveller-{secrets.token_hex(4)}"
        self._email, self._password = f"{name}@example.com", secrets.token_urlsafe(16)
        self._account = {"email": self._email, "username": name, "password": self._password}
        self._token = ""

    def travel(self, until: float) -> None:
        """Send requests until a point of the monotonic clock."""
        with self._client:
            self._sign_up()
            if not self._token:
                # Too much at once: the next one may have more luck.
                return
            for act in self._acts():
                if time.monotonic() > until:
                    return
                act()
                time.sleep(self._random.uniform(*PAUSE_SECONDS))

    def _acts(self) -> Iterator[Callable[[], object]]:
        # What people do, as often as it stands here.
        acts = (
            *(self._predict, self._predict, self._predict, self._predict, self._predict_again),
            *(self._predict_batch, self._send_nonsense, self._describe, self._describe),
            *(self._describe_again, self._describe_prediction, self._recommend, self._recommend),
            *(self._recommend, self._recommend_anywhere, self._recommend_nothing, self._browse),
            *(self._browse, self._look_back, self._plan, self._read_docs, self._sign_in),
            *(self._sign_in, self._forget_password),
            *(self._come_without_token, self._come_with_bad_token),
        )
        for _ in itertools.count():
            yield from self._random.sample(acts, len(acts))

    def _ask(self, method: str, path: str, route: str = "", **what: Any) -> Any:  # noqa: ANN401
        headers = {"authorization": f"Bearer {self._token}"} if self._token else {}
        headers |= what.pop("headers", {})
        at, started = time.time(), time.perf_counter()
        answer = self._client.request(method, path, headers=headers, **what)
        latency_ms = (time.perf_counter() - started) * 1000
        where = f"{method} {route or path}"
        self._journal.write(Exchange(at, where, answer.status_code, round(latency_ms, 1)))
        return answer.json() if answer.is_success and answer.content else {}

    def _sign_up(self) -> None:
        answer = self._ask("POST", "/auth/signup", json=self._account)
        self._token = answer.get("access_token", "")

    def _sign_in(self) -> None:
        credentials = {"email": self._email, "password": self._password}
        answer = self._ask("POST", "/auth/login", json=credentials)
        self._token = answer.get("access_token", self._token)

    def _forget_password(self) -> None:
        for _ in range(self._random.choice((1, 1, 1, 7))):
            wrong = {"email": self._email, "password": secrets.token_urlsafe(12)}
            self._ask("POST", "/auth/login", json=wrong)

    def _predict(self) -> None:
        self._send("/predict", take_photo(self._random))

    def _predict_again(self) -> None:
        self._send("/predict", any_photo(self._random))

    def _predict_batch(self) -> None:
        files = [any_photo(self._random), b"no photo at all"]
        self._ask("POST", "/predict", json={"images": [_base64(one) for one in files]})

    def _send_nonsense(self) -> None:
        self._send("/predict", any_photo(self._random)[:900])

    def _describe(self) -> None:
        self._send("/describe", take_photo(self._random))

    def _describe_again(self) -> None:
        self._send("/describe", any_photo(self._random))

    def _describe_prediction(self) -> None:
        found = self._send("/predict", any_photo(self._random))
        if found:
            self._ask("POST", "/describe", json={"prediction_id": found["prediction_id"]})

    def _recommend(self) -> None:
        body: dict[str, Any] = {"itinerary_landmarks": self._random.sample(STOPS, 2)}
        if self._random.random() < 0.5:  # noqa: PLR2004 - every other
            body["llava_description"] = self._random.choice(WORDS)
        self._ask("POST", "/recommend", json=body)

    def _recommend_anywhere(self) -> None:
        body = {"itinerary_landmarks": [], "llava_description": self._random.choice(WORDS)}
        self._ask("POST", "/recommend", json=body)

    def _recommend_nothing(self) -> None:
        # In the middle of the Pacific.
        here = {"latitude": -48.9, "longitude": -123.4, "max_distance_km": 20}
        self._ask("POST", "/recommend", json={"itinerary_landmarks": [], **here})

    def _browse(self) -> None:
        self._ask("GET", "/landmarks", params={"q": self._random.choice(("tower", "bridge"))})
        self._ask("GET", "/landmarks/eiffel-tower", "/landmarks/{landmark_id}")

    def _look_back(self) -> None:
        self._ask("GET", "/user/profile")
        self._ask("GET", "/predictions")

    def _plan(self) -> None:
        stop = {"name": "Colosseum", "latitude": 41.8902, "longitude": 12.4922}
        self._ask("POST", "/itinerary", json={"name": "Rome in May", "stops": [stop]})
        self._ask("GET", "/itinerary")

    def _read_docs(self) -> None:
        self._ask("GET", "/health")
        self._ask("GET", "/info")

    def _come_without_token(self) -> None:
        self._ask("GET", "/user/profile", headers={"authorization": ""})

    def _come_with_bad_token(self) -> None:
        bad = f"Bearer {secrets.token_urlsafe(24)}"
        self._ask("GET", "/user/profile", headers={"authorization": bad})

    def _send(self, path: str, photo: bytes) -> dict[str, Any]:
        headers = {"content-type": "image/jpeg"}
        answer: dict[str, Any] = self._ask("POST", path, content=photo, headers=headers)
        return answer


def travel(url: str, seconds: float) -> list[Exchange]:
    """Have travellers use the API at `url` for some time; return what they saw."""
    journal = Journal()
    until = time.monotonic() + seconds

    def keep_coming(first: int) -> None:
        for seed in itertools.count(first, TRAVELLERS_AT_ONCE):
            if time.monotonic() > until:
                return
            Traveller(url, journal, seed).travel(min(until, time.monotonic() + seconds / 4))

    with ThreadPoolExecutor(TRAVELLERS_AT_ONCE) as pool:
        list(pool.map(keep_coming, range(TRAVELLERS_AT_ONCE)))
    return journal.exchanges


def access_log_line(exchange: Exchange) -> str:
    """Write an exchange as the gateway's access log would, as far as a client can know."""
    seen = {"route": exchange.route, "status": str(exchange.status)}
    return json.dumps(seen | {"latency_ms": str(exchange.latency_ms)})


def _base64(photo: bytes) -> str:
    return base64.b64encode(photo).decode("ascii")
