"""Names that look like other names: letters that cannot be seen, mixed scripts, and look-alikes.

After Unicode's rules for identifiers (UTS #39, https://www.unicode.org/reports/tr39/), as far as a
username needs them. Letters and digits of ASCII that resemble each other (l and 1, O and 0, rn and
m) are not taken for the same: too many honest names differ in nothing else.
"""

from __future__ import annotations

import unicodedata

# Letters and marks that are drawn as nothing (Unicode's Default_Ignorable_Code_Point).
_INVISIBLE = (
    *(range(0xAD, 0xAE), range(0x34F, 0x350), range(0x61C, 0x61D), range(0x115F, 0x1161)),
    *(range(0x17B4, 0x17B6), range(0x180B, 0x1810), range(0x200B, 0x2010), range(0x202A, 0x202F)),
    *(range(0x2060, 0x2070), range(0x3164, 0x3165), range(0xFE00, 0xFE10), range(0xFEFF, 0xFF00)),
    *(range(0xFFA0, 0xFFA1), range(0xFFF0, 0xFFF9), range(0x1BCA0, 0x1BCA4)),
    *(range(0x1D173, 0x1D17B), range(0xE0000, 0xE1000)),
)
# Written together in Chinese, Japanese and Korean, with Latin letters too (UTS #39, 5.2).
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "BOPOMOFO", "HANGUL"})
_TOGETHER = _EAST_ASIAN | {"LATIN"}
# Of scripts whose characters have other first words in their names.
_SCRIPT_OF = {
    "ARABIC-INDIC": "ARABIC",
    "EXTENDED": "ARABIC",
    "IDEOGRAPHIC": "CJK",
    "MODIFIER": "",
    "COMBINING": "",
    "DIGIT": "",
}

# Small letters that a reader takes for a Latin one, or whose capitals they do, by UTS #39's table
# of confusables: Cyrillic (without the soft sign, that ends many words), Greek, Armenian and Latin.
_LOOK_ALIKES = str.maketrans(
    "авекмнорстухѕіјѡѵүһҽӏԁԍԛԝαβγεζηικμνορτυχϝϳϻագզհոռսցքօıɑɡɩɪʀʏʋᴄᴏᴜᴠᴡᴢꜱ",
    "abekmhopctyxsijwvyheldgqwabyezhikmvoptuxfjmwqqhnnugfoiagiiryucouvwzs",
)


def has_invisible(name: str) -> bool:
    """Tell whether a name has characters that nobody sees."""
    return any(ord(character) in one for character in name for one in _INVISIBLE)


def mixes_scripts(name: str) -> bool:
    """Tell whether a name has letters or digits of scripts that are not written together."""
    scripts = {_script(character) for character in name} - {""}
    return len(scripts) > 1 and not scripts <= _TOGETHER


def fold_look_alikes(key: str) -> str:
    """Return a name, in small letters, as a reader takes it who knows Latin letters only.

    A name with any letter that looks like no Latin one stays as it is: it cannot be mistaken.
    """
    folded = key.translate(_LOOK_ALIKES)
    return folded if folded.isascii() else key


def _script(character: str) -> str:
    """Return the first word of a character's name, which tells its script; "" for none or any."""
    if character.isascii():
        return "LATIN" if character.isalpha() else ""
    word = unicodedata.name(character, "").partition(" ")[0]
    return _SCRIPT_OF.get(word, word)
