"""The navigation of the desk: each area names its places, the application puts them together once.

An area's page module says `desk_places = [DeskPlace("/desk/year", "calendar-days", "全年排期", BUREAU, "plan")]`
beside its `routes`; templates that extend portal/desk_base.html are given the places of whoever is asking.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal, get_args

from jinja2 import Environment, meta
from starlette.requests import HTTPConnection

from core.web.identity import Visitor

BASE = "portal/desk_base.html"
HOME = "/desk"
"""Everybody's way in: leads to the first place of whoever asks."""

Group = Literal["work", "figures", "plan", "lectures", "follow-up", "house", "account"]
GROUPS: tuple[Group, ...] = get_args(Group)
HEADINGS: dict[Group, str] = {
    "work": "待办",
    "figures": "统计",
    "plan": "计划",
    "lectures": "讲座",
    "follow-up": "督办",
    "house": "管理",
    "account": "我的账号",
}

Counter = Callable[[Visitor, datetime], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class DeskPlace:
    """A page of the desk that stands in its navigation.

    roles: who sees it there (values of accounts' Role); empty for everybody logged in. The page itself guards its
    door. icon: one that scripts/vendor.mjs lays out. count: how much waits there, asked for with every desk page, so
    one small query; counted: what the number counts, read aloud after it, such as 期待审核.
    """

    path: str
    icon: str
    label: str
    roles: Collection[str] = ()
    group: Group = "work"
    count: Counter | None = None
    counted: str = "项待办"

    def is_for(self, visitor: Visitor) -> bool:
        return not self.roles or visitor.role in self.roles


@dataclass(frozen=True, slots=True)
class DeskEntry:
    path: str
    icon: str
    label: str
    count: int
    counted: str
    current: Literal["page", "true", ""]
    """For aria-current: this very page, a page below it, or neither."""


@dataclass(frozen=True, slots=True)
class DeskGroup:
    heading: str
    entries: list[DeskEntry]


class DeskNav:
    """All places, in the order of their groups, inside a group in the order they were named."""

    def __init__(self, places: Iterable[DeskPlace]) -> None:
        """Raises ValueError when two places have one address."""
        self.places = sorted(places, key=lambda place: GROUPS.index(place.group))
        paths = [place.path for place in self.places]
        if len(paths) != len(set(paths)):
            raise ValueError("two places of the desk have one address")

    def places_of(self, visitor: Visitor) -> list[DeskPlace]:
        return [place for place in self.places if place.is_for(visitor)]

    def first(self, visitor: Visitor) -> str:
        """The path of the page to begin with."""
        return self.places_of(visitor)[0].path

    async def groups(self, visitor: Visitor, here: str, now: datetime) -> list[DeskGroup]:
        """here: the path of the page that is shown."""
        places = self.places_of(visitor)
        nearest = nearest_place(here, [place.path for place in places])
        groups: list[DeskGroup] = []
        for group in GROUPS:
            entries = [
                DeskEntry(
                    path=place.path,
                    icon=place.icon,
                    label=place.label,
                    count=await place.count(visitor, now) if place.count else 0,
                    counted=place.counted,
                    current="" if place.path != nearest else "page" if here == nearest else "true",
                )
                for place in places
                if place.group == group
            ]
            if entries:
                groups.append(DeskGroup(HEADINGS[group], entries))
        return groups


def nearest_place(here: str, paths: Iterable[str]) -> str | None:
    """The longest of the paths that is here or lies above it."""
    above = [path for path in paths if here == path or here.startswith(path.rstrip("/") + "/")]
    return max(above, key=len, default=None)


def places_in(modules: Iterable[object]) -> list[DeskPlace]:
    """The places that page modules name; a module without any is no fault."""
    return [place for module in modules for place in getattr(module, "desk_places", ())]


@lru_cache(maxsize=512)
def stands_on_desk(environment: Environment, template: str) -> bool:
    """Whether the template extends the desk's frame, itself or through others."""
    if environment.loader is None:
        return False
    source, _, _ = environment.loader.get_source(environment, template)
    named = [name for name in meta.find_referenced_templates(environment.parse(source)) if name]
    return BASE in named or any(
        stands_on_desk(environment, name) for name in named if name.endswith("_base.html")
    )


def desk_of(connection: HTTPConnection) -> DeskNav:
    desk: DeskNav = connection.app.state.desk
    return desk
