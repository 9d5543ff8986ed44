"""On a day without a model lectures wait; once one is installed, everything that waits begins by itself."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from accounts.services import seed_sample_units
from core.clock import ManualClock
from core.events import EventBus
from core.jobs import JobContext, JobQueue
from core.settings import Settings
from tests.support.ended_lectures import ended_lecture, sample_units
from tests.support.random_whisper import build
from tests.support.speech import SpeechData, speech_data
from transcripts.models import Piece, Recognition, Transcript
from transcripts.recognition.asking import ask_for
from transcripts.recognition.running import recognise_all
from transcripts.speech.installing import Limits, install_from_path

__all__ = ["speech_data"]
pytestmark = pytest.mark.ffmpeg


async def test_everything_that_waits_begins_when_a_model_is_installed(
    sqlite_db: object, sqlite_settings: Settings, clock: ManualClock, speech_data: SpeechData, tmp_path: Path
) -> None:
    await seed_sample_units()
    settings = sqlite_settings.model_copy(update={"speech_engine": "whisper", "speech_beam": 1})
    context = JobContext(settings, clock, EventBus(), JobQueue(settings))
    lecture = await ended_lecture(context, [sample_units(8)])
    await ask_for(lecture, now=clock.now())

    await recognise_all(context)
    waiting = await Transcript.get(broadcast_id=lecture.id)
    assert waiting.recognition is Recognition.WAITING_FOR_MODEL
    assert "weiketang models install small" in waiting.detail

    model = build(tmp_path / "brought", speech_data)
    (model / "model.bin").rename(tmp_path / "model.bin")
    half = settings.data_dir / "models" / "ours.partial"
    half.mkdir(parents=True)
    (half / "config.json").write_text("{}")
    await recognise_all(context)
    assert (await Transcript.get(id=waiting.id)).recognition is Recognition.WAITING_FOR_MODEL

    (tmp_path / "model.bin").rename(model / "model.bin")
    now = datetime(2026, 11, 28, tzinfo=UTC)
    install_from_path(
        model, "ours", settings.data_dir, Limits(1 << 30), now=now, progress=lambda name, done, total: None
    )
    await recognise_all(context)
    after = await Transcript.get(id=waiting.id)
    assert after.recognition in (Recognition.DONE, Recognition.NO_SPEECH)
    heard = await Piece.filter(transcript_id=waiting.id).exclude(recognised_at=None)
    assert {(piece.engine, piece.model) for piece in heard} == {("whisper", "ours")}
    assert all(len(piece.model_sha256) == 64 for piece in heard)
