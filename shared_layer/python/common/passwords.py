"""Passwords: what is accepted, and bcrypt.

At least 8 characters and no rules on their kinds, as NIST SP 800-63B asks: required digits and
signs make passwords worse, not better. At most 72 bytes of UTF-8, since bcrypt reads no more;
a longer one is refused rather than silently cut. Compared in Unicode's NFC form (RFC 8265), so
that the same password typed on another system is the same password.
"""

from __future__ import annotations

import unicodedata

import bcrypt

MIN_CHARACTERS = 8
MAX_BYTES = 72


def normalise_new_password(text: str) -> str:
    """Check a password that somebody chooses, and return it in its normal form.

    Raises:
        ValueError: with a sentence for the user, which never quotes the password.

    """
    # Normalising composes at most four characters into one, of two bytes or more.
    if len(text) > 4 * MAX_BYTES:
        message = f"A password has at most {MAX_BYTES} bytes in UTF-8; this one has far more."
        raise ValueError(message)
    password = unicodedata.normalize("NFC", text)
    if len(password) < MIN_CHARACTERS:
        message = f"A password has at least {MIN_CHARACTERS} characters."
        raise ValueError(message)
    size_bytes = len(password.encode("utf-8"))
    if size_bytes > MAX_BYTES:
        message = (
            f"A password has at most {MAX_BYTES} bytes in UTF-8 "
            f"({MAX_BYTES} letters without accents); this one has {size_bytes}."
        )
        raise ValueError(message)
    if not password.strip():
        message = "A password is more than spaces."
        raise ValueError(message)
    return password


def hash_password(password: str, cost: int) -> str:
    """Hash a password of at most 72 bytes; every step of `cost` doubles the time."""
    return bcrypt.hashpw(_as_bytes(password), bcrypt.gensalt(cost)).decode("ascii")


def verify_password(password: str, password_hash: str) -> bool:
    """Tell whether a password is the hashed one, in the same time for any password."""
    given = _as_bytes(password)
    if len(given) > MAX_BYTES:
        # Cannot be right; hashed all the same, so that the answer takes as long.
        bcrypt.checkpw(given[:MAX_BYTES], password_hash.encode("ascii"))
        return False
    return bcrypt.checkpw(given, password_hash.encode("ascii"))


def unmatchable_hash(cost: int) -> str:
    """Return a hash of the right form and cost that no known password has.

    Sign-in checks it when the e-mail address is unknown, so that the answer takes as long.
    """
    return f"$2b${cost:02d}$" + "." * 22 + "." * 31


def _as_bytes(password: str) -> bytes:
    return unicodedata.normalize("NFC", password).encode("utf-8")
