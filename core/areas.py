"""The areas of the house by name, bottom up: what walks over all of them imports by name, never upwards."""

from importlib.util import find_spec

AREAS = ("accounts", "schedules", "streaming", "vod", "transcripts", "audience", "portal")


def areas_with(room: str) -> list[str]:
    """The areas that have a module or package of this name, such as `models` or `jobs`."""
    return [area for area in AREAS if find_spec(f"{area}.{room}") is not None]
