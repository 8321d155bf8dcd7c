"""What pages may ask of a device: nothing, unless a view says which."""

from __future__ import annotations

from django.http import HttpResponse

REFUSED = (
    "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone",
    "midi", "payment", "usb", "xr-spatial-tracking",
)  # fmt: skip
HEADER = "Permissions-Policy"


def permissions(*, asked: tuple[str, ...] = ()) -> str:
    """The policy of a page whose person may be asked for these; the browser still asks the person."""
    return ", ".join(f"{name}={'(self)' if name in asked else '()'}" for name in REFUSED)


def may_ask(response: HttpResponse, *asked: str) -> HttpResponse:
    """Let the page ask the person for these, such as "geolocation"."""
    response.headers[HEADER] = permissions(asked=asked)
    return response
