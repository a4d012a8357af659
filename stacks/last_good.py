"""Where the delivery remembers the last commit that was deployed and answered as it should."""

from __future__ import annotations


def last_good_parameter(environment: str) -> str:
    """Return the name of the SSM parameter with the commit's hash; a plain one is free."""
    return f"/cv-location-classifier/{environment}/last-good-commit"
