"""The transcript beside the player, as the page of a lecture shows it to everybody."""

from dataclasses import dataclass

from core.settings import Settings
from schedules.models import Broadcast
from transcripts.cues.marks import mark_of
from transcripts.laws.links import VALIDITY, LawLink, law_link
from transcripts.laws.queries import RevisedLaw, revisions_of
from transcripts.paragraphs import Paragraph, paragraphs
from transcripts.published import find_published, gives_its_words

FORMS = {"txt": "纯文字", "docx": "Word 文档", "srt": "SRT 字幕", "vtt": "VTT 字幕"}


@dataclass(frozen=True, slots=True)
class ChapterLine:
    at_ms: int
    title: str
    law: LawLink

    @property
    def seconds(self) -> int:
        return self.at_ms // 1000


@dataclass(frozen=True, slots=True)
class Download:
    label: str
    path: str


@dataclass(frozen=True, slots=True)
class Beside:
    """mark: how it was made, as every export says it. captions: path of the file for the player."""

    path: str
    mark: str
    captions: str
    paragraphs: list[Paragraph]
    chapters: list[ChapterLine]
    validity: str
    revised: list[RevisedLaw]
    downloads: list[Download]


async def transcript_beside(broadcast: Broadcast, settings: Settings) -> Beside | None:
    """None until the subtitles are published, and while the replay is not public."""
    published = await find_published(broadcast)
    if published is None:
        return None
    chapters = [
        ChapterLine(each.at_ms, each.title, law_link(each.law, settings.law_database_url))
        for each in published.chapters
    ]
    path = f"/l/{broadcast.number}"
    return Beside(
        path=path,
        mark=mark_of(published.cues, is_checked=True),
        captions=f"{path}/subtitles.vtt",
        paragraphs=paragraphs(
            [each.cue for each in published.cues], chapter_starts=[each.at_ms for each in chapters]
        ),
        chapters=chapters,
        validity=VALIDITY,
        revised=await revisions_of(broadcast),
        downloads=[Download(label, f"{path}/subtitles.{form}") for form, label in FORMS.items()],
    )


def awaits_transcript(broadcast: Broadcast) -> bool:
    """Whether the page should say that subtitles will come: over, and to be seen."""
    return gives_its_words(broadcast) and broadcast.first_live_at is not None
