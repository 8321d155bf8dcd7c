"""Why a picture may be refused."""

from quanzi.kernel.errors import InvalidInput
from quanzi.kernel.words import N_


class MediaError(InvalidInput):
    """Any reason why an upload is not kept."""

    code = "picture_refused"
    message = N_("This picture cannot be used.")


class TooLarge(MediaError):
    code = "picture_too_large"
    message = N_("This picture is larger than {limit_mb} MB. Please choose a smaller one.")


class TooManyPixels(MediaError):
    code = "picture_too_many_pixels"
    message = N_("This picture has more than {limit_mp} million pixels. Please choose a smaller one.")


class NotAPicture(MediaError):
    code = "not_a_picture"
    message = N_("This file is not a picture we can read. Please choose a JPEG, PNG, WebP or GIF file.")
