"""Parts of a file over HTTP (RFC 9110 section 14): one range of bytes, of a file that is proven whole before."""

import re
from http import HTTPStatus

from litestar import Response

_ONE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))")


def asks_part(asked: str) -> bool:
    """Whether a `Range` header asks for one part; any other is passed over, and all is given."""
    found = _ONE.fullmatch(asked)
    return found is not None and not (found[2] and int(found[2]) < int(found[1]))


def part_of(length: int, asked: str) -> range:
    """The bytes, of so many, for which a `Range` header asks; none where it asks for what is not there."""
    found = _ONE.fullmatch(asked)
    if found is None:
        return range(length)
    if found[3]:
        return range(max(0, length - int(found[3])), length)
    return range(int(found[1]), min(int(found[2]) + 1, length) if found[2] else length)


def file_answer(data: bytes, tag: str, media_type: str, headers: dict[str, str], asked: str) -> Response[bytes]:
    """A file, or the part of it that was asked for; `tag` names its bytes."""
    said = headers | {"accept-ranges": "bytes", "etag": f'"{tag}"'}
    if not asks_part(asked):
        return Response(data, status_code=HTTPStatus.OK, media_type=media_type, headers=said)
    part = part_of(len(data), asked)
    if not part:
        said["content-range"] = f"bytes */{len(data)}"
        return Response(b"", status_code=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=said)
    said["content-range"] = f"bytes {part.start}-{part.stop - 1}/{len(data)}"
    found = data[part.start : part.stop]
    return Response(found, status_code=HTTPStatus.PARTIAL_CONTENT, media_type=media_type, headers=said)
