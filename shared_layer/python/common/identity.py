"""How people name themselves: the canonical forms of e-mail addresses and usernames."""

from __future__ import annotations

import unicodedata

from common.look_alikes import fold_look_alikes, has_invisible, mixes_scripts

USERNAME_MIN_CHARACTERS = 3
USERNAME_MAX_CHARACTERS = 32
USERNAME_PUNCTUATION = frozenset("._-")
# RFC 5321, 4.5.3.1.3: a path has 256 octets, of which two are the angle brackets.
EMAIL_MAX_CHARACTERS = 254


def normalise_email(text: str) -> str:
    """Return the one form of an e-mail address under which it is stored and looked up.

    The whole address goes to lower case: a mailbox whose letters differ only in case belongs,
    everywhere in practice, to one person. The domain is in Unicode. The part before the @ has to
    be ASCII, because our mail service (Amazon SES) cannot deliver to anything else. Reserved
    names (`.invalid`, `.local`) are refused, `.test` is not: it is what tests are for.

    Raises:
        ValueError: with a sentence for the user.

    """
    # Imported here: only sign-up and sign-in read addresses, and this costs 30 ms.
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

    trimmed = text.strip()
    if len(trimmed) > EMAIL_MAX_CHARACTERS:
        message = f"An e-mail address has at most {EMAIL_MAX_CHARACTERS} characters."
        raise ValueError(message)
    try:
        valid = validate_email(
            trimmed,
            check_deliverability=False,
            allow_smtputf8=False,
            strict=True,
            test_environment=True,
        )
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None
    if "." not in valid.domain:
        message = "The part after the @-sign is not valid. It should have a period."
        raise ValueError(message)
    return valid.normalized.lower()


def normalise_username(text: str) -> str:
    """Return a username as it is shown: trimmed, in Unicode's NFKC form, case as typed.

    3 to 32 characters: letters, marks and digits of one script (Chinese, Japanese and Korean may
    have Latin letters among them), and `.`, `_`, `-` inside.

    Raises:
        ValueError: with a sentence for the user.

    """
    # Cut first, so that nobody makes us normalise megabytes; the rest is still too long.
    trimmed = text.strip()[: 8 * USERNAME_MAX_CHARACTERS]
    name = unicodedata.normalize("NFKC", trimmed)
    if not USERNAME_MIN_CHARACTERS <= len(name) <= USERNAME_MAX_CHARACTERS:
        message = (
            f"A username has {USERNAME_MIN_CHARACTERS} to {USERNAME_MAX_CHARACTERS} characters."
        )
        raise ValueError(message)
    if not all(_is_word_character(char) or char in USERNAME_PUNCTUATION for char in name):
        message = "A username may have letters, digits, '.', '_' and '-' only, and no spaces."
        raise ValueError(message)
    if has_invisible(name):
        message = "A username has no characters that cannot be seen."
        raise ValueError(message)
    if mixes_scripts(name):
        message = "A username is written in one alphabet, so that nobody is taken for another."
        raise ValueError(message)
    if not (_is_letter_or_digit(name[0]) and _is_word_character(name[-1])):
        message = "A username begins and ends with a letter or a digit."
        raise ValueError(message)
    return name


def username_key(username: str) -> str:
    """Return the form in which usernames are compared: two that differ only in case are one.

    So are two that look alike, as "ace" in Latin and in Cyrillic letters. Else it is Unicode's
    toNFKC_Casefold (UAX #31, 5.1), of a name in NFKC without invisible characters.
    """
    folded = unicodedata.normalize("NFKC", username).casefold()
    return fold_look_alikes(unicodedata.normalize("NFKC", folded))


def _is_letter_or_digit(char: str) -> bool:
    return unicodedata.category(char)[0] == "L" or unicodedata.category(char) == "Nd"


def _is_word_character(char: str) -> bool:
    # Marks are part of letters in many scripts (Devanagari's vowels).
    return _is_letter_or_digit(char) or unicodedata.category(char) in {"Mn", "Mc"}
