"""Uploads are attacked before they are decoded, and nothing of their bytes is ever served."""

import io
import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from PIL import Image, ImageCms, PngImagePlugin

from quanzi.base.media import files, rules
from quanzi.base.media.errors import NotAPicture, TooLarge, TooManyPixels
from quanzi.base.media.models import Picture
from quanzi.base.media.services import remove_picture, store_picture

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture(autouse=True)
def media_root(tmp_path: Path, settings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture_bytes(kind: str = "PNG", size: tuple[int, int] = (900, 600), mode: str = "RGB", **extra) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 40).convert(mode).save(out, kind, **extra)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    )


def store(data: bytes, purpose: str = "post") -> Picture:
    return store_picture(data=data, purpose=purpose, owner_id=7, alt=" a bowl of pears ", now=NOW)


def stored(picture: Picture, width: int) -> Image.Image:
    return Image.open(files.path(picture.sha256, width))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_each_accepted_kind_becomes_webp_in_sizes_that_are_never_larger_than_it_came(kind):
    picture = store(picture_bytes(kind))
    assert (picture.width, picture.height, picture.alt, picture.owner_id) == (900, 600, "a bowl of pears", 7)
    for width, height in ((320, 213), (640, 427), (900, 600)):
        with stored(picture, width) as one:
            assert (one.format, one.size) == ("WEBP", (width, height))
    assert picture.bytes == files.path(picture.sha256, 900).stat().st_size
    assert picture.url(100).endswith("-320.webp") and picture.url(641).endswith("-900.webp")
    assert picture.url(4000).endswith("-900.webp")
    assert picture.srcset().count(",") == 2


@pytest.mark.django_db
def test_a_large_photograph_is_kept_at_1280_and_a_small_icon_as_it_is():
    large, icon = store(picture_bytes("JPEG", (4000, 3000))), store(picture_bytes("PNG", (20, 30)))
    assert (large.width, large.height) == (1280, 960)
    assert rules.widths(icon.width) == [20] and icon.url(640).endswith("-20.webp")


@pytest.mark.django_db
def test_an_avatar_has_a_square_besides():
    avatar = store(picture_bytes(size=(500, 300)), purpose="avatar")
    assert avatar.url(96).endswith("-96.webp") and avatar.url(200).endswith("-320.webp")
    with stored(avatar, 96) as square:
        assert square.size == (96, 96)


@pytest.mark.django_db
def test_place_and_camera_are_stripped_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "Camera of Ming"
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 14.0, 5.0), 3: "E", 4: (121.0, 28.0, 9.0)})
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "home address")
    for data in (picture_bytes("JPEG", exif=exif), picture_bytes("PNG", exif=exif, pnginfo=text)):
        picture = store(data)
        assert (picture.width, picture.height) == (600, 900)
        for width in rules.widths(picture.width):
            raw = files.path(picture.sha256, width).read_bytes()
            with stored(picture, width) as one:
                assert not one.getexif() and "exif" not in one.info and "icc_profile" not in one.info
            assert not any(word in raw for word in (b"EXIF", b"XMP ", b"ICCP", b"Ming", b"home address"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mode", "kind", "expected"),
    [("P", "PNG", "RGB"), ("L", "PNG", "RGB"), ("1", "PNG", "RGB"), ("CMYK", "JPEG", "RGB"), ("RGBA", "PNG", "RGBA")],
)
def test_every_colour_mode_becomes_plain_colour(mode, kind, expected):
    assert rules.read(picture_bytes(kind, (40, 40), mode)).mode == expected


def test_sixteen_bits_of_grey_are_scaled_and_not_cut_off():
    out = io.BytesIO()
    Image.new("I;16", (8, 8), 0x8000).save(out, "PNG")
    assert rules.read(out.getvalue()).getpixel((0, 0)) == (128, 128, 128)


def test_a_colour_profile_is_applied_and_a_broken_one_forgiven():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for icc in (profile, b"not a profile"):
        assert rules.read(picture_bytes("JPEG", (16, 16), icc_profile=icc)).size == (16, 16)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="zero bytes"),
        pytest.param(b"\0" * 5000, id="zeros"),
        pytest.param(SVG, id="SVG with script"),
        pytest.param(b"<html><script>alert(1)</script>", id="HTML"),
        pytest.param(EICAR, id="EICAR"),
        pytest.param(b"%PDF-1.7 ...", id="PDF"),
        pytest.param(b"PK\x03\x04" + b"\0" * 100, id="zip"),
        pytest.param(b"GIF89a<script>alert(1)</script>", id="GIF header with script"),
        pytest.param(picture_bytes("PNG")[:2000], id="cut off PNG"),
        pytest.param(picture_bytes("JPEG")[:2000], id="cut off JPEG"),
        pytest.param(picture_bytes("WEBP")[:900], id="cut off WebP"),
        pytest.param(picture_bytes("BMP"), id="BMP"),
        pytest.param(picture_bytes("TIFF"), id="TIFF"),
        pytest.param(picture_bytes("ICO", (64, 64)), id="ICO"),
        pytest.param(png_header(100, 100), id="PNG without its pixels"),
    ],
)
def test_what_is_not_a_whole_picture_is_refused(data, media_root):
    with pytest.raises(NotAPicture) as caught:
        store(data)
    assert "picture" in caught.value.fields
    assert not list(media_root.rglob("*"))


@pytest.mark.parametrize("size", [(50_000, 50_000), (7_000, 7_000), (1, 40_000), (2**31 - 1, 2**31 - 1)])
@pytest.mark.filterwarnings("default::PIL.Image.DecompressionBombWarning")
def test_an_image_bomb_is_refused_by_its_header(size):
    with pytest.raises(TooManyPixels):
        store(png_header(*size))


def test_a_bomb_in_a_text_chunk_is_refused():
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    whole = picture_bytes("PNG", (16, 16))
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 64 * 1024 * 1024, 9))
    with pytest.raises(NotAPicture):
        store(whole[:33] + bomb + whole[33:])


def test_too_many_bytes_are_refused_unread():
    with pytest.raises(TooLarge):
        store(picture_bytes() + b"\0" * rules.MAX_BYTES)


@pytest.mark.django_db
def test_a_polyglot_loses_everything_that_is_not_pixels():
    payload = b"<script>alert(1)</script><?php system('id'); ?>PK\x05\x06" + b"\0" * 18
    for kind in ("JPEG", "PNG", "GIF", "WEBP"):
        picture = store(picture_bytes(kind, (80, 60)) + payload)
        assert b"script" not in files.path(picture.sha256, 80).read_bytes()
    hidden = store(picture_bytes("JPEG", (80, 60), comment=payload))
    assert b"script" not in files.path(hidden.sha256, 80).read_bytes()


@pytest.mark.django_db
def test_of_an_animation_the_first_frame_is_kept():
    out = io.BytesIO()
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "blue", "green")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=50)
    picture = store(out.getvalue())
    with stored(picture, 30) as one:
        assert getattr(one, "n_frames", 1) == 1
        red, _, blue = one.convert("RGB").getpixel((15, 15))
        assert red > 200 > 60 > blue


@pytest.mark.django_db
def test_pictures_are_served_as_webp_that_nobody_may_guess_about_or_ask_again_for():
    picture = store(picture_bytes())
    client = Client()
    answer = client.get(picture.url(320))
    assert answer.status_code == 200
    assert answer.content == files.path(picture.sha256, 320).read_bytes()
    assert answer["Content-Type"] == "image/webp" and answer["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer["Cache-Control"] and "sandbox" in answer["Content-Security-Policy"]
    again = client.get(picture.url(320), headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304 and not again.content
    assert client.head(picture.url(320)).status_code == 200
    assert client.post(picture.url(320)).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "ab/%2e%2e%2fsecret_key", "ab/" + "a" * 64 + "-320.webp", "ab/x.svg", "", "ab/"]
)
def test_no_other_file_can_be_reached(path):
    assert Client().get(f"/media/{path}").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_removing_a_picture_removes_its_files_once_nobody_else_shows_them(media_root):
    data = picture_bytes()
    first, second = store(data), store(data)
    assert first.sha256 == second.sha256
    remove_picture(picture_id=first.pk)
    assert files.path(first.sha256, 320).exists()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        remove_picture(picture_id=second.pk)
        raise ZeroDivisionError
    assert files.path(first.sha256, 320).exists(), "a rolled back removal removes nothing"
    remove_picture(picture_id=second.pk)
    remove_picture(picture_id=second.pk)
    assert not list(media_root.rglob("*.webp")) and not Picture.objects.exists()


def test_a_disk_that_is_full_leaves_no_half_file(media_root, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space"):
        files.write("ab" * 32, 320, b"webp")
    assert not [one for one in media_root.rglob("*") if one.is_file()]


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["sha256 = '../../etc/passwd'", "width = 0"])
def test_a_row_cannot_name_a_file_elsewhere(column):
    picture = store(picture_bytes(size=(40, 40)))
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute(f"UPDATE media_picture SET {column} WHERE id = %s", [picture.pk])
