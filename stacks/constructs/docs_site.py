"""The pages that `docs` serves, which are built before its package is."""

from __future__ import annotations

from stacks.constructs.service_function import FUNCTIONS
from stacks.settings import SettingsError

SITE = FUNCTIONS / "docs" / "site"


def require_docs_site() -> None:
    """Refuse to deploy pages that are not there.

    Raises:
        SettingsError: saying how to build them.

    """
    if not SITE.is_dir():
        message = f"docs: {SITE} is not built; run `make layers`"
        raise SettingsError(message)
