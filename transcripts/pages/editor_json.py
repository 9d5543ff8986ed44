"""What the editor's script sends and is sent: checked to the letter, and refused with problem details (RFC 9457)."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.errors import DomainError, Invalid
from core.settings import Settings
from core.web.errors import REMEDIES, status_of
from core.web.guards import LoginRequired, SomethingOwed
from core.web.problems import problem
from transcripts.cues.draft import DraftCue
from transcripts.editing.changes import Changes, CueChange
from transcripts.editing.checking import Fault, is_doubtful
from transcripts.editing.finding import Stale
from transcripts.editing.holding import Hold, Taken

Page = Callable[[Request], Awaitable[Response]]
NAME = Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")
MOST_AT_ONCE = 50_000


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CueIn(Strict):
    id: str = NAME
    start_ms: int
    end_ms: int
    lines: list[str] = Field(max_length=20)
    sources: list[str] = Field(default_factory=list, max_length=20)


class SaveIn(Strict):
    revision: int = Field(title="版本")
    cues: list[CueIn] = Field(default_factory=list, title="字幕", max_length=MOST_AT_ONCE)
    removed: list[str] = Field(default_factory=list, title="删去的字幕", max_length=MOST_AT_ONCE)
    looked: list[str] = Field(default_factory=list, title="看过的字幕", max_length=MOST_AT_ONCE)
    unlooked: list[str] = Field(default_factory=list, title="又没把握的字幕", max_length=MOST_AT_ONCE)

    def changes(self) -> Changes:
        return Changes(
            cues=tuple(
                CueChange(each.id, each.start_ms, each.end_ms, tuple(each.lines), tuple(each.sources))
                for each in self.cues
            ),
            removed=tuple(self.removed),
            looked=tuple(self.looked),
            unlooked=tuple(self.unlooked),
        )


def answers_json(page: Page) -> Page:
    """A page function for a script: whatever is wrong is told as problem details, with a `code` to act on."""

    @wraps(page)
    async def answer(request: Request) -> Response:
        try:
            return await page(request)
        except LoginRequired as error:
            return problem(401, error.message, code="login")
        except SomethingOwed as error:
            return problem(403, error.message, code="owed")
        except Taken as error:
            return problem(409, error.message, code="taken", name=error.name, key=error.key)
        except Stale as error:
            return problem(409, error.message, code="stale")
        except Invalid as error:
            return problem(422, error.message, code="invalid", errors=error.fields)
        except DomainError as error:
            return problem(status_of(error), error.message, code="refused")
        except HTTPException as error:
            words = error.detail if error.detail and not error.detail.isascii() else ""
            detail = words or REMEDIES.get(error.status_code, "请求没有完成，请再试一次。")
            return problem(error.status_code, detail, code="refused")

    return answer


def told(body: Any) -> JSONResponse:
    return JSONResponse(body, headers={"cache-control": "no-store"})


def cue_out(cue: DraftCue, settings: Settings) -> dict[str, Any]:
    return {
        "id": cue.id,
        "start_ms": cue.cue.start_ms,
        "end_ms": cue.cue.end_ms,
        "lines": list(cue.cue.lines),
        "prob": cue.prob,
        "held": cue.held,
        "doubtful": is_doubtful(cue, settings),
    }


def fault_out(fault: Fault) -> dict[str, str]:
    return {"cue": fault.cue, "level": fault.level, "code": fault.code, "message": fault.message}


def hold_out(hold: Hold | None) -> dict[str, Any] | None:
    if hold is None:
        return None
    return {"key": hold.key, "name": hold.name, "mine": hold.is_mine}
