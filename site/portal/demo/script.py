"""The text of the sample lecture: slides, spoken sentences, and the fingerprint that ties the film to it."""

import hashlib
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

TEXT = Path(__file__).with_name("lecture.toml")
FILM = Path(__file__).with_name("lecture.mp4")


class Sentence(BaseModel):
    """One spoken sentence: `say` as read, `pinyin` as voiced, `point` the slide's point lit up (from 1)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    say: str = Field(min_length=1)
    pinyin: str = Field(min_length=1)
    point: int | None = Field(default=None, ge=1)


class Slide(BaseModel):
    """One slide; `figure` and `unit` (such as 60 日) are drawn large where the layout is `figure`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    layout: Literal["cover", "points", "figure", "tiles"]
    title: str
    subtitle: str = ""
    source: str = ""
    figure: str = ""
    unit: str = ""
    points: tuple[str, ...] = ()
    sentences: tuple[Sentence, ...] = Field(min_length=1)


class Lecture(BaseModel):
    """The whole sample lecture."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    unit: str
    lecturer: str
    post: str
    slides: tuple[Slide, ...] = Field(min_length=1)


def load(path: Path = TEXT) -> Lecture:
    """Reads the lecture's text.

    Raises:
        pydantic.ValidationError: a field is missing, unknown or empty.
    """
    return Lecture.model_validate(tomllib.loads(path.read_text("utf-8")))


def fingerprint(path: Path = TEXT) -> str:
    """Hex SHA-256 of the text file as it stands; the film carries it as `comment` metadata."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
