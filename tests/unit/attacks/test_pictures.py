"""Hostile pictures: refused before they cost anything, or decoded within bounds."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from common.errors import (
    ImageFormatUnsupported,
    ImageTooManyPixels,
    ImageUnreadable,
)
from common.image_parts import MAX_SCANS, refuse_too_many_parts
from common.images import decode_upright
from local.attacks import pictures
from local.attacks.decoding import decode_apart

if TYPE_CHECKING:
    from collections.abc import Callable

COLOSSEUM = Path(__file__).parents[2] / "photos" / "colosseum.jpg"
# Describing has the least memory, 1,769 MB, of which its imports take some 150.
MOST_MB = 900
# Enough for each kind to have too many parts: of 12 bytes, 10,000 are 120 KB.
SMALL_BYTES = 200_000


@pytest.mark.parametrize("name", sorted(pictures.TOO_MANY_PARTS))
def test_a_file_of_too_many_parts_is_refused_before_it_is_decoded(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("it was decoded"))
    with pytest.raises(ImageUnreadable):
        decode_upright(pictures.TOO_MANY_PARTS[name](SMALL_BYTES), enough_px=40)


@pytest.mark.parametrize("name", sorted(pictures.AS_LARGE_AS_MAY_BE))
def test_the_largest_pictures_of_every_kind_are_decoded_in_bounded_memory(
    name: str, tmp_path: Path
) -> None:
    file = tmp_path / "picture"
    file.write_bytes(pictures.AS_LARGE_AS_MAY_BE[name]())
    assert file.stat().st_size < 4_000_000
    decoded = decode_apart(file)
    assert " x " in decoded.outcome
    assert decoded.peak_mb < MOST_MB


@pytest.mark.parametrize(
    ("make", "outcome"),
    [
        (pictures.huge_webp, "ImageTooManyPixels"),
        (pictures.gif_with_a_larger_frame, "ImageTooManyPixels"),
        (lambda: pictures.png(50_000_000, 1), "ImageTooManyPixels"),
        (lambda: pictures.png(1, 1_000_000), "ImageTooManyPixels"),
        (pictures.png_unfolding_further, "64 x 64"),
        (pictures.png_of_much_text, "ImageUnreadable"),
    ],
)
def test_huge_dimensions_in_few_bytes_take_no_memory(
    make: Callable[[], bytes], outcome: str, tmp_path: Path
) -> None:
    file = tmp_path / "picture"
    file.write_bytes(make())
    assert file.stat().st_size < 300_000
    decoded = decode_apart(file)
    assert decoded.outcome == outcome
    assert decoded.peak_mb < 150


def test_a_picture_of_one_column_is_refused_since_every_line_takes_memory() -> None:
    assert decode_upright(pictures.png(1, 65_535), enough_px=40).size == (1, 65_535)
    with pytest.raises(ImageTooManyPixels, match="65535 are read on a side"):
        decode_upright(pictures.png(1, 65_536), enough_px=40)


def test_odd_metadata_fill_no_log(tmp_path: Path) -> None:
    """Pillow warns of every tag: 60,000 warnings were 8 MB of log for one request."""
    file = tmp_path / "picture"
    file.write_bytes(pictures.exif_of_odd_tags())
    decoded = decode_apart(file)
    assert (decoded.outcome, decoded.logged_bytes) == ("64 x 64", 0)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        decode_upright(file.read_bytes(), enough_px=40)
    assert warned == []


def test_progressive_pictures_as_encoders_write_them_are_read() -> None:
    decode_upright(pictures.jpeg((640, 480), progressive=True), enough_px=40)
    refuse_too_many_parts(pictures.jpeg_of_many_scans(MAX_SCANS - 10, (64, 64)))
    with pytest.raises(ImageUnreadable):
        refuse_too_many_parts(pictures.jpeg_of_many_scans(MAX_SCANS, (64, 64)))


def test_scans_of_a_preview_or_of_what_follows_the_picture_do_not_count() -> None:
    """Phones put a small picture into the metadata and a video behind the picture."""
    photo = COLOSSEUM.read_bytes()
    preview = pictures.jpeg_of_many_scans(30, (16, 16))
    segment = b"\xff\xe2" + (len(preview) + 2).to_bytes(2, "big") + preview
    phone = photo[:2] + segment * 3 + photo[2:] + b"\xff\xda\x00\x02" * 20_000
    assert decode_upright(phone, enough_px=40).size == decode_upright(photo, enough_px=40).size


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_no_cut_through_a_picture_is_counted_wrongly(kind: str) -> None:
    encoded = io.BytesIO()
    Image.effect_noise((90, 60), 70).convert("RGB").save(encoded, kind)
    data = encoded.getvalue()
    for end in range(0, len(data), 7):
        refuse_too_many_parts(data[:end])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_picture_that_is_an_archive_too_is_only_a_picture(kind: str) -> None:
    encoded = io.BytesIO()
    Image.new("RGB", (80, 60), "red").save(encoded, kind)
    both = pictures.with_archive(encoded.getvalue())
    decoded = decode_upright(both, enough_px=40)
    assert decoded.size == (80, 60)
    plain = io.BytesIO()
    decoded.save(plain, "PNG")
    assert b"run.sh" not in plain.getvalue()


def test_a_script_that_begins_like_a_gif_is_no_picture() -> None:
    with pytest.raises((ImageUnreadable, ImageTooManyPixels)):
        decode_upright(pictures.gif_with_script(), enough_px=40)


@pytest.mark.parametrize(
    "data",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b'  <?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg/>',
        b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(100),
        b"\x00\x00\x00\x1cftypavis\x00\x00\x00\x00avismif1miaf" + bytes(100),
        b"%PDF-1.7 /JavaScript",
        b"%!PS-Adobe-3.0 EPSF-3.0\n(%pipe%id) (w) file",
        b"P6 60000 60000 255 ",
        b"#define x_width 60000\n#define x_height 60000\nstatic char x_bits[] = {0}",
    ],
)
def test_formats_that_hold_programs_or_other_files_are_never_opened(data: bytes) -> None:
    with pytest.raises((ImageFormatUnsupported, ImageUnreadable)):
        decode_upright(data, enough_px=40)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_of_an_animation_of_a_thousand_frames_only_the_first_is_decoded(kind: str) -> None:
    first = Image.new("RGB", (32, 32), (255, 0, 0))
    # Two, by turns: equal frames would be left out.
    others = [Image.new("RGB", (32, 32), (0, shade, 255)) for shade in (9, 200)] * 500
    encoded = io.BytesIO()
    first.save(encoded, kind, save_all=True, append_images=others, duration=10, lossless=True)
    decoded = decode_upright(encoded.getvalue(), enough_px=32)
    assert decoded.getpixel((9, 9)) == (255, 0, 0)
    assert getattr(decoded, "n_frames", 1) == 1 or decoded.tell() == 0


def test_a_picture_leaves_nothing_of_its_metadata_behind() -> None:
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 24.0)
    encoded = io.BytesIO()
    Image.new("RGB", (80, 60)).save(encoded, "JPEG", exif=exif, comment=b"at home")
    decoded = decode_upright(encoded.getvalue(), enough_px=40)
    assert decoded.info == {}
    assert dict(decoded.getexif()) == {}
    for kind in ("JPEG", "PNG", "WEBP"):
        again = io.BytesIO()
        decoded.save(again, kind, exif=decoded.getexif())
        assert not [text for text in (b"where I live", b"at home") if text in again.getvalue()]
