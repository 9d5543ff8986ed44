"""Which stream a publisher means, however its program split the URL over `connect` and `publish`."""

from dataclasses import dataclass
from urllib.parse import unquote

from streaming.keys import KEY

# Quotes, blanks and invisible characters that come along when an address is copied out of a chat.
_AROUND = " \t\r\n\u00a0\u3000\u200b\ufeff'\"“”‘’`"
_KIND_PREFIXES = ("flv:", "mp4:", "raw:")  # Flash-era encoders name the format in front


@dataclass(frozen=True, slots=True)
class Address:
    """app and stream_name: paths without query and outer slashes; query: both queries, joined, undecoded.

    key: the part that has the shape of a stream key, wherever it stood; else the last part of the stream name
    or, without one, of the app; else empty.
    """

    app: str
    stream_name: str
    query: str
    key: str


def publish_address(app: str, tc_url: str, stream_name: str) -> Address:
    """OBS puts everything into tcUrl and app, ffmpeg splits after one or two parts; a query is on either."""
    app_path, app_query = _split(app)
    url_path, url_query = _split(_without_host(tc_url))
    name_path, name_query = _split(_without_host(stream_name))
    if name_path.startswith(_KIND_PREFIXES):
        name_path = name_path.partition(":")[2]
    if not app_path:
        app_path = url_path
    query = "&".join(dict.fromkeys(part for part in (app_query or url_query, name_query) if part))
    return Address(app_path, name_path, query, _key(name_path, app_path, url_path, query))


def _without_host(url: str) -> str:
    """`rtmp://host:port/path?query` → `path?query`; what has no scheme stays."""
    _, scheme, rest = url.partition("://")
    return rest.partition("/")[2] if scheme else url


def _split(text: str) -> tuple[str, str]:
    """Path and query. A second `?` joins another query on, as clients with Adobe authentication write it."""
    path, _, query = text.strip(_AROUND).partition("?")
    return path.strip(_AROUND + "/"), query.replace("?", "&").strip("&")


def _key(name_path: str, app_path: str, url_path: str, query: str) -> str:
    in_paths = [part for path in (name_path, app_path, url_path) for part in path.split("/")[::-1]]
    in_query = [field.partition("=")[2] for field in query.split("&")]
    candidates = [unquote(part).strip(_AROUND) for part in in_paths + in_query]
    for candidate in candidates:
        if KEY.fullmatch(candidate.lower()):
            return candidate
    return next((candidate for candidate in candidates[: len(in_paths)] if candidate), "")
