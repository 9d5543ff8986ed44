"""A one-time link that was just made: shown once, on the page that made it."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.grants import LinkPurpose
from core.settings import Settings

WORDS: Mapping[LinkPurpose, str] = {
    LinkPurpose.LIAISON: "对方点开后直接进入这一期的报送页面，不用口令。",
    LinkPurpose.APPROVER: "对方点开就能看材料、写意见，不用账号。",
    LinkPurpose.LECTURER: "主讲人点开就能核对信息、确认授权，不用账号。",
    LinkPurpose.TERMS: "主讲人点开就能听录音、核对用词，不用账号。",
}


@dataclass(frozen=True, slots=True)
class FreshLink:
    """hours: how long it may be opened."""

    holder: str
    address: str
    words: str
    hours: int


def fresh_link(purpose: LinkPurpose, holder: str, address: str, settings: Settings) -> FreshLink:
    return FreshLink(holder, address, WORDS[purpose], settings.link_hours)
