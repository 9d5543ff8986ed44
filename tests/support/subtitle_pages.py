"""The pages around subtitles as tests ask for them: a lecture with a draft, the cast, what the script sends."""

import json
from collections.abc import Collection
from typing import Any

import httpx2

from schedules.models import Broadcast
from tests.support.cast import Person
from tests.support.subtitles import now_of, subtitled
from tests.support.website import Website
from transcripts.editing.versions import cues_of
from transcripts.models import Transcript

CORRECTORS = ("liaison-a", "administrator", "duty")
READERS = (*CORRECTORS, "auditor")
SAME_SITE = {"sec-fetch-site": "same-origin", "content-type": "application/json"}


async def lecture(website: Website, **values: Any) -> tuple[str, Broadcast, Transcript]:
    """Of unit A, with a draft of the machine; and the path of its editor."""
    row, transcript = await subtitled(website.clock, **values)
    return f"/desk/subtitles/{row.number}", row, transcript


async def send(website: Website, person: Person, path: str, body: Any, **headers: str) -> httpx2.Response:
    """As the editor's script sends it."""
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    browser = await website.browser(person)
    return await browser.post(path, content=content, headers={**SAME_SITE, **headers})


async def texts(transcript: Transcript) -> list[str]:
    """Of the draft; lines with a slash between."""
    row = await now_of(transcript)
    return ["/".join(each.cue.lines) for each in await cues_of(row, row.draft_version)]


async def only_these_see(website: Website, path: str, names: Collection[str], *, status: int = 200) -> None:
    """A page that the named of the cast are shown; the others are refused, and who is nobody is sent to log in."""
    for person in website.cast:
        answer = await website.page(person, path)
        expected = status if person.name in names else 303 if person.user is None else 403
        assert answer.status_code == expected, (path, person.name, answer.status_code)


async def others_may_not_send(
    website: Website, path: str, fields: dict[str, str], names: Collection[str]
) -> None:
    """A form that the named may send is refused to the others; nobody of the named sends it here."""
    for person in website.cast:
        if person.name in names:
            continue
        answer = await website.submit(person, path, fields)
        assert answer.status_code == (303 if person.user is None else 403), (path, person.name)
        if person.user is None:
            assert "/login" in answer.headers["location"]
