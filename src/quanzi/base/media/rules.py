"""What is accepted, and which sizes are kept. Pure; no file is touched here."""

import io
import math
import struct

from PIL import Image, ImageCms, ImageOps

from quanzi.base.media.errors import NotAPicture, TooLarge, TooManyPixels

MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 12_000
"""WebP ends at 16383; a longer strip than this is no photograph."""

SIZES = (320, 640, 1280)
AVATAR = "avatar"
AVATAR_SIZE = 96
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
QUALITY = 82

# What Pillow's decoders raise on broken or hostile files; its own bomb guard is handled apart.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    OverflowError,
    struct.error,
)


def widths(width: int) -> list[int]:
    """Widths kept of a picture whose widest file is `width` wide; never larger than it came."""
    return [size for size in SIZES if size < width] + [width]


def nearest(width: int, wanted: int) -> int:
    """The narrowest kept width that is at least `wanted`, else the widest."""
    return next((one for one in widths(width) if one >= wanted), width)


def read(data: bytes) -> Image.Image:
    """Decode an upload into an upright RGB or RGBA picture at most 1280 wide, without any metadata.

    Limits are checked on the byte count and on the header before a pixel is decoded. Raises TooLarge,
    TooManyPixels, NotAPicture.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(field="picture", limit_mb=MAX_BYTES // 1024 // 1024)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            _check_header(opened)
            # JPEG only: decode straight to a smaller size, which saves most of the time and memory.
            opened.draft(None, (SIZES[-1] * 2, SIZES[-1] * 2))
            return _shrink(_plain(ImageOps.exif_transpose(opened)))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except _BROKEN:
        raise NotAPicture(field="picture") from None


def encode(picture: Image.Image, width: int) -> bytes:
    """The picture as WebP, scaled down to `width`."""
    if width < picture.width:
        picture = picture.resize(
            (width, max(1, round(picture.height * width / picture.width))),
            Image.Resampling.LANCZOS,
        )
    return _webp(picture)


def encode_avatar(picture: Image.Image) -> bytes:
    """The middle of the picture as a small square."""
    return _webp(ImageOps.fit(picture, (AVATAR_SIZE, AVATAR_SIZE), Image.Resampling.LANCZOS))


def _too_many_pixels() -> TooManyPixels:
    return TooManyPixels(field="picture", limit_mp=MAX_PIXELS // 1_000_000)


def _check_header(opened: Image.Image) -> None:
    width, height = opened.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise _too_many_pixels()
    if min(width, height) < 1:
        raise NotAPicture(field="picture")


def _plain(picture: Image.Image) -> Image.Image:
    """Pixels only, in sRGB: profile applied, palette and 16-bit resolved, every tag left behind."""
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    target = "RGBA" if picture.has_transparency_data else "RGB"
    if profile and picture.mode in ("RGB", "RGBA", "CMYK", "L"):
        picture = _in_srgb(picture, profile, target)
    picture = picture.convert(target)
    picture.info.clear()
    return picture


def _in_srgb(picture: Image.Image, profile: bytes, target: str) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=target)
    except (ImageCms.PyCMSError, OSError, ValueError):
        # A broken profile costs exact colours, not the picture.
        return picture
    return converted or picture


def _shrink(picture: Image.Image) -> Image.Image:
    if picture.width <= SIZES[-1]:
        return picture
    height = max(1, math.floor(picture.height * SIZES[-1] / picture.width))
    return picture.resize((SIZES[-1], height), Image.Resampling.LANCZOS)


def _webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=4, exif=b"", xmp=b"", icc_profile=b"")
    return out.getvalue()
