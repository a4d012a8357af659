"""What fuzzing begins with: small pictures of every kind, and requests in every form.

Made at run time, so that there is nothing to keep; the photos are those of `tests/photos`.
"""

from __future__ import annotations

import base64
import io
import json
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from local.deployment import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PHOTOS = ROOT / "tests" / "photos"
_SIDE_PX = 48
_ORIENTATION, _LEFT_BOTTOM = 0x0112, 8
# Tells what is said first: the words of a form, so that they need not be guessed.
WORDS: Mapping[str, tuple[str, ...]] = {
    "images": (
        *(r"\xff\xd8\xff\xe0", r"\xff\xda", r"\xff\xc2", r"\xff\xe1", r"\xff\xd9", "Exif", "JFIF"),
        *("IHDR", "IDAT", "PLTE", "tRNS", "eXIf", "iCCP", "acTL", "fcTL", "fdAT", "IEND", "zTXt"),
        *("GIF89a", "NETSCAPE2.0", "RIFF", "WEBP", "VP8X", "VP8L", "VP8 ", "ALPH", "ANMF", "EXIF"),
    ),
    "requests": (
        *("multipart/form-data; boundary=", "application/json", "image/jpeg", "text/plain"),
        *("--seam", r"--seam--\x0d\x0a", r"\x0d\x0a\x0d\x0a", "Content-Disposition: form-data; "),
        *('name=\\"file\\"', 'name=\\"top_k\\"', 'name=\\"prompt\\"', "filename*=UTF-8"),
        *("Content-Transfer-Encoding: base64", "quoted-printable", '{\\"image\\":\\"', "data:"),
        *(";base64,", '\\"images\\":[', '\\"upload_key\\":', '\\"top_k\\":', r"\\ud800", "1e999"),
    ),
}


def seeds_of(target: str) -> dict[str, bytes]:
    """Return the seeds of a target by a name for each."""
    made = _images() if target == "images" else _requests()
    return {f"{number:02d}-{name}": data for number, (name, data) in enumerate(made)}


def write_seeds(target: str, folder: Path) -> None:
    """Write them to a folder, and beside it a dictionary as libFuzzer reads it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in seeds_of(target).items():
        (folder / name).write_bytes(data)
    words = "".join(f'"{word}"\n' for word in WORDS[target])
    folder.with_suffix(".dict").write_text(words)


def _images() -> Iterator[tuple[str, bytes]]:
    picture = _draw()
    exif = Image.Exif()
    exif[_ORIENTATION] = _LEFT_BOTTOM
    for kind in ("JPEG", "PNG", "WEBP", "GIF"):
        yield kind, _encode(picture, kind, exif=exif)
    yield "progressive", _encode(picture, "JPEG", progressive=True)
    yield "cmyk", _encode(picture.convert("CMYK"), "JPEG")
    yield "lossless", _encode(picture, "WEBP", lossless=True)
    yield "seen-through", _encode(picture.convert("RGBA"), "WEBP", lossless=True)
    yield "two-in-one", _encode(picture, "MPO", append_images=[picture], save_all=True)
    for mode in ("1", "L", "LA", "P", "I;16", "RGBA"):
        yield f"png-{mode}", _encode(picture.convert("L" if mode == "I;16" else mode), "PNG")
    for kind in ("PNG", "GIF", "WEBP"):
        frames = [picture.rotate(90), picture.rotate(180)]
        yield f"moving-{kind}", _encode(picture, kind, save_all=True, append_images=frames)
    yield "palette", _encode(picture.convert("P"), "PNG", transparency=3)
    # A few bytes that unfold; what is as large as is allowed would be most of a fuzzer's time.
    yield "large", _encode(Image.new("1", (2_000, 1_500)), "PNG")
    # Not allowed.
    yield "too-large", _encode(Image.new("1", (9_000, 9_000)), "PNG")
    for kind in ("BMP", "TIFF"):
        yield kind, _encode(picture, kind)


def _requests() -> Iterator[tuple[str, bytes]]:
    jpeg = _encode(_draw(), "JPEG")
    text = base64.b64encode(jpeg).decode()
    uri = f"data:image/jpeg;base64,{text}"
    json_head = b"|application/json|\n"
    for body in (
        {"image": text, "top_k": 3},
        {"image": uri},
        {"images": [text, uri, "!"]},
        {"upload_key": "uploads/U1/01"},
        {"image": uri, "prompt": "What is \u00fcber the door?"},
        {"prediction_id": "01J", "prompt": ""},
        {"image": [[[[{}]]]], "top_k": 10**30},
    ):
        yield "json", json_head + json.dumps(body).encode()
    yield "not-json", json_head + b'{"image": "a", "image": "b"}'
    yield "raw", b"b|image/jpeg|2\n" + jpeg
    yield "raw-untrue", b"x|application/octet-stream|\n" + jpeg
    kind = b"b|multipart/form-data; boundary=seam|\n"
    photo = _field('name="file"; filename="a.jpg"', jpeg, "Content-Type: image/jpeg")
    yield "form", kind + _form(photo, _field('name="top_k"', b"4"))
    yield "form-prompt", kind + _form(photo, _field('name="prompt"', "schön?".encode()))
    yield "form-image", kind + _form(_field('name="image"', jpeg))
    yield "form-twice", kind + _form(photo, photo)
    yield "form-empty", kind + _form(_field('name="file"; filename="a"', b""))
    for encoding, coded in (("base64", base64.encodebytes(jpeg)), ("quoted-printable", b"=FF=D8=")):
        coding = f"Content-Transfer-Encoding: {encoding}"
        yield encoding, kind + _form(_field('name="file"; filename="a"', coded, coding))
    quoted = b'b|multipart/form-data; boundary="a b"; charset=utf-16|\n'
    yield "form-quoted", quoted + _form(photo).replace(b"seam", b"a b")


def _draw() -> Image.Image:
    picture = Image.linear_gradient("L").resize((_SIDE_PX, _SIDE_PX)).convert("RGB")
    ImageDraw.Draw(picture).ellipse([8, 8, 40, 30], fill=(180, 60, 30))
    return picture


def _encode(picture: Image.Image, kind: str, **options: object) -> bytes:
    encoded = io.BytesIO()
    picture.save(encoded, kind, **options)
    return encoded.getvalue()


def _field(disposition: str, content: bytes, *headers: str) -> bytes:
    lines = [f"Content-Disposition: form-data; {disposition}", *headers, "", ""]
    return "\r\n".join(lines).encode() + content


def _form(*fields: bytes) -> bytes:
    return b"".join(b"--seam\r\n" + field + b"\r\n" for field in fields) + b"--seam--\r\n"
