"""Places in a list, as text that means something to nobody but us."""

import base64
import binascii
from http import HTTPStatus

from web.api.problems import ApiError


def cursor_of(*place: str) -> str:
    return base64.urlsafe_b64encode(" ".join(place).encode()).decode()


def place_in(cursor: str, parts: int) -> list[str]:
    """Raises ApiError for a cursor that is none of ours."""
    try:
        place = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
    except (ValueError, binascii.Error):
        place = []
    if len(place) != parts or "\x00" in "".join(place):
        raise not_ours()
    return place


def not_ours() -> ApiError:
    return ApiError(
        HTTPStatus.UNPROCESSABLE_ENTITY, "That cursor is none of ours: use next_cursor as it came."
    )
