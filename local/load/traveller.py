"""One traveller: photos, trips on two devices, an account, and a note of what came of each.

Whatever is done is entered in the ledger as told or as unsure, and what an answer shows is held to
the ledger at once: an answer that lacks what was told before is a finding.
"""

from __future__ import annotations

from local.load.photo_acts import PhotoActs
from local.load.trip_acts import TripActs


class Traveller(PhotoActs, TripActs):
    """Does all that people do, with their account, too."""
