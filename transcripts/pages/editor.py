"""The editor of one lecture's subtitles: its page, the draft, the hold, autosave, the outline of the sound."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.errors import NotFound
from core.web.body import widen_body
from core.web.json_body import read_json
from core.web.kit import kit_of
from core.web.pages import redirect, render
from schedules.pages.turns import Turn, turn_of
from schedules.replay_states import REPLAY_LABELS, is_shut
from transcripts.cues.draft import from_rows
from transcripts.cues.marks import mark_of
from transcripts.editing.checking import faults_around, faults_of
from transcripts.editing.holding import hold_of, release, take, take_over
from transcripts.editing.queries import STAGE_LABELS, Stage, stage_of
from transcripts.editing.questions import questions_of
from transcripts.editing.saving import save
from transcripts.editing.versions import cues_of, draft_of
from transcripts.laws.links import VALIDITY
from transcripts.models import TermAnswer, Transcript, Waveform
from transcripts.pages.editor_access import Seat, corrector_of, reader_of
from transcripts.pages.editor_export import LABELS, is_checked
from transcripts.pages.editor_json import (
    SaveIn,
    Strict,
    answers_json,
    cue_out,
    fault_out,
    hold_out,
    told,
)

SAVE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class EditorPage:
    """no_picture: why the replay does not play here; empty when it does. mark: what a file of the draft says of
    itself.
    """

    turn: Turn
    transcript: Transcript
    stage: Stage
    stage_label: str
    may_correct: bool
    may_publish: bool
    no_picture: str
    alive_seconds: int
    exports: Mapping[str, str]
    mark: str
    validity: str = VALIDITY


class HoldIn(Strict):
    take_over: str = Field("", title="接手", max_length=100)


async def show(request: Request) -> Response:
    seat = await reader_of(request)
    kit = kit_of(request)
    if seat.transcript is None or not seat.transcript.draft_version:
        if not seat.may_correct:
            raise NotFound(f"{seat.number} 还没有字幕。")
        return redirect(request, f"/desk/subtitles/{seat.number}/bring")
    cues = await cues_of(seat.transcript, seat.transcript.draft_version)
    stage = stage_of(seat.transcript)
    page = EditorPage(
        turn=turn_of(seat.broadcast, kit.clock.now()),
        transcript=seat.transcript,
        stage=stage,
        stage_label=STAGE_LABELS[stage],
        may_correct=seat.may_correct,
        may_publish=seat.may_publish,
        no_picture=no_picture(seat),
        alive_seconds=max(10, kit.settings.subtitle_hold_seconds // 4),
        exports=LABELS,
        mark=mark_of(cues, is_checked=is_checked(seat.transcript)),
    )
    return await render(request, "transcripts/editor.html", page)


def no_picture(seat: Seat) -> str:
    """Media of a replay that is shut is given to nobody, by whatever page (streaming/origin.py)."""
    if is_shut(seat.broadcast.replay_state, seat.broadcast.air_state):
        label = REPLAY_LABELS[seat.broadcast.replay_state]
        return (
            f"这一期的回看现在是“{label}”，画面和声音对谁都不播放；"
            "波形、文字和时间照样可以改。要边听边改，请州局先恢复公开。"
        )
    return ""


@answers_json
async def draft(request: Request) -> Response:
    seat = await reader_of(request)
    settings, now = kit_of(request).settings, kit_of(request).clock.now()
    if seat.transcript is None:
        raise NotFound(f"{seat.number} 还没有字幕。")
    version = await draft_of(seat.transcript)
    cues = from_rows(version.cues) if version else []
    questions = await questions_of(seat.transcript)
    return told(
        {
            "revision": seat.transcript.revision,
            "version": seat.transcript.draft_version,
            "cues": [cue_out(each, settings) for each in cues],
            "faults": [fault_out(each) for each in await faults_of(cues)],
            "hold": hold_out(hold_of(seat.transcript, seat.by, now, settings)),
            "answers": [
                {
                    "id": str(each.id),
                    "cue": each.cue,
                    "text": each.text,
                    "right": each.answer is TermAnswer.RIGHT,
                    "suggestion": each.suggestion,
                    "name": each.answered_by,
                }
                for each in questions
                if each.answer is not TermAnswer.OPEN
            ],
        }
    )


@answers_json
async def hold(request: Request) -> Response:
    """Begin to correct, or the sign of life of who does; with take_over: 接手 from whoever was shown."""
    seat = await corrector_of(request)
    kit = kit_of(request)
    now, settings = kit.clock.now(), kit.settings
    sent = await read_json(request, HoldIn)
    if sent.take_over:
        mine = await take_over(seat.number, seen=sent.take_over, by=seat.by, now=now, settings=settings)
    else:
        mine = await take(seat.number, by=seat.by, now=now, settings=settings)
    transcript = await Transcript.get(broadcast_id=seat.broadcast.id)
    return told({"hold": hold_out(mine), "revision": transcript.revision})


@answers_json
async def let_go(request: Request) -> Response:
    seat = await corrector_of(request)
    await release(seat.number, by=seat.by, now=kit_of(request).clock.now())
    return told({})


@answers_json
async def keep(request: Request) -> Response:
    """Autosave."""
    seat = await corrector_of(request)
    kit = kit_of(request)
    now, settings = kit.clock.now(), kit.settings
    widen_body(request, most_bytes=settings.subtitle_save_kib * 1024, seconds=SAVE_SECONDS)
    sent = await read_json(request, SaveIn)
    changes = sent.changes()
    saved = await save(seat.number, changes, revision=sent.revision, by=seat.by, now=now, settings=settings)
    looked_at, faults = await faults_around(saved.cues, changes.touched, saved.gone_at)
    fresh = [cue_out(each, settings) for each in saved.cues if each.id in changes.touched]
    return told(
        {
            "revision": saved.revision,
            "version": saved.version,
            "cues": fresh,
            "checked": looked_at,
            "faults": [fault_out(each) for each in faults],
        }
    )


@answers_json
async def waveform(request: Request) -> Response:
    """A byte a step; the steps a second in a header. 204 until a worker has made it."""
    seat = await reader_of(request)
    row = None
    if seat.transcript is not None:
        row = await Waveform.get_or_none(transcript_id=seat.transcript.id)
    if row is None:
        return Response(status_code=204, headers={"cache-control": "no-store"})
    headers = {"x-steps-per-second": str(row.rate), "cache-control": "private, max-age=600"}
    return Response(bytes(row.peaks), media_type="application/octet-stream", headers=headers)


routes = [
    Route("/desk/subtitles/{number}", show, methods=["GET"]),
    Route("/desk/subtitles/{number}/draft", draft, methods=["GET"]),
    Route("/desk/subtitles/{number}/hold", hold, methods=["POST"]),
    Route("/desk/subtitles/{number}/release", let_go, methods=["POST"]),
    Route("/desk/subtitles/{number}/save", keep, methods=["POST"]),
    Route("/desk/subtitles/{number}/waveform", waveform, methods=["GET"]),
]
