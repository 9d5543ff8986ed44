"""Where the text of a law is found: in the law database that a setting names. Pure."""

from dataclasses import dataclass

from transcripts.cues.statutes import law_link as address_of
from transcripts.glossary.seed import CHINA

VALIDITY = "以讲课时有效文本为准"
"""Stands beside every link: a database shows today's text, and articles are renumbered by revisions."""


@dataclass(frozen=True, slots=True)
class LawLink:
    """law: its full name; name: as people say it. The link leads to the law, never to an article."""

    law: str
    name: str
    url: str


def law_link(law: str, database_url: str) -> LawLink:
    return LawLink(law, short_name(law), address_of(database_url, law))


def short_name(law: str) -> str:
    return law.removeprefix(CHINA)
