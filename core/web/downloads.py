"""Files made on the spot, to be kept by whoever asked for them."""

from urllib.parse import quote

from starlette.responses import Response


def download(body: bytes, name: str, media_type: str) -> Response:
    """name: with any letters (RFC 6266 with RFC 8187; browsers of the last ten years read nothing else)."""
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "cache-control": "no-store",
    }
    return Response(body, media_type=media_type, headers=headers)
