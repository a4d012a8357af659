"""How e-mail addresses and usernames look in the API's description.

`identity.py` decides; these say as much of it as JSON Schema can.
"""

from __future__ import annotations

from pydantic import Field

from common.identity import (
    EMAIL_MAX_CHARACTERS,
    USERNAME_MAX_CHARACTERS,
    USERNAME_MIN_CHARACTERS,
)

EMAIL_IN_JSON = Field(json_schema_extra={"format": "email", "maxLength": EMAIL_MAX_CHARACTERS})
USERNAME_IN_JSON = Field(
    description="Letters and digits of one script; `.`, `_` and `-` inside.",
    json_schema_extra={
        "minLength": USERNAME_MIN_CHARACTERS,
        "maxLength": USERNAME_MAX_CHARACTERS,
    },
)
