"""A day, from midnight to midnight: who is awake, what they do at which hour, and how often."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.load.traveller import Traveller

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.load.ledger import Ledger
    from local.load.witness import Witness

HOURS = 24.0
# From when to when most are up, in hours, and by how much people differ.
_UP, _ASLEEP, _SPREAD = 7.0, 23.0, 1.5
# People do something every forty minutes when they do most, at noon and in the evening; what share
# of that they do, from each of these hours on. Fifty of them come to some ten requests a second
# when a day takes a minute and a half, which is about what two cores serve.
_HOURS_BETWEEN = 0.7
_ACTIVITY = ((0.0, 0.2), (8.0, 0.6), (11.0, 1.0), (14.0, 0.7), (18.0, 1.0), (22.0, 0.4))
_LEAVING_SHARE = 0.15


@dataclass(frozen=True)
class Clock:
    """Turns `seconds` of ours into a day."""

    begun: float
    seconds: float

    def hour(self) -> float:
        """Return what time it is, in hours since midnight."""
        return (time.monotonic() - self.begun) / self.seconds * HOURS

    def sleep_until(self, hour: float) -> None:
        """Wait until then."""
        time.sleep(max(0.0, self.begun + hour / HOURS * self.seconds - time.monotonic()))


def live(
    url: str, witness: Witness, *, travellers: int, seconds: float, seed: int
) -> list[tuple[Ledger, Traveller]]:
    """Have travellers live a day at the API; return what each was told, and them.

    Each thing is done to its end, so that the last ones come in a little after midnight.
    """
    people = [Traveller(url, witness, _random(seed, number)) for number in range(travellers)]
    clock = Clock(time.monotonic(), seconds)
    with ThreadPoolExecutor(travellers) as pool:
        for number, one in enumerate(people):
            pool.submit(_live, one, clock, _random(seed + 1, number), witness)
    return [(one.ledger, one) for one in people]


def _live(one: Traveller, clock: Clock, rng: random.Random, witness: Witness) -> None:
    try:
        clock.sleep_until(max(0.0, rng.gauss(_UP, _SPREAD)))
        bedtime = min(rng.gauss(_ASLEEP, _SPREAD), HOURS)
        while clock.hour() < bedtime:
            if one.is_in:
                rng.choice(acts_at(clock.hour(), one))()
            elif one.ledger.user_id:
                one.sign_in()
            else:
                one.sign_up()
            pause = rng.expovariate(activity_at(clock.hour()) / _HOURS_BETWEEN)
            clock.sleep_until(min(clock.hour() + pause, bedtime))
        if one.is_in and rng.random() < _LEAVING_SHARE:
            one.leave()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is to be seen and not lost in a thread
        witness.find(f"a traveller stumbled: {error!r}")


def activity_at(hour: float) -> float:
    """Return what share of their usual pace people have."""
    return next(share for since, share in reversed(_ACTIVITY) if hour >= since)


def acts_at(hour: float, one: Traveller) -> tuple[Callable[[], None], ...]:
    """Return what somebody may do now, as often as it is likely."""
    always = (one.browse, one.look_back, one.change_trip, one.renew, one.look_at_account)
    if hour < 11:  # noqa: PLR2004 - the morning
        return (*always, one.plan, one.plan, one.change_trip, one.wonder, one.send_photo)
    if hour < 18:  # noqa: PLR2004 - out and about
        photos = (one.send_photo,) * 6
        return (*always, *photos, one.send_album, one.send_nonsense, one.use_trip, one.wonder)
    evening = (one.give_feedback, one.give_feedback, one.forget_photo, one.drop_trip, one.plan)
    account = (one.rename, one.change_password, one.sign_out, one.mistype)
    together = (one.plan_with_two_devices,) * 3
    return (*always, *evening, *account, *together, one.send_photo, one.use_trip)


def _random(seed: int, number: int) -> random.Random:
    return random.Random(seed * 1_000_003 + number)  # noqa: S311 - nothing secret
