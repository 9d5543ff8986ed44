"""What was asked about a lecture, 调换 and 延期, as the desks tell it."""

from dataclasses import dataclass

from core.web.text import zh_datetime
from schedules.models import Postponement, PostponementState, Swap, SwapState
from schedules.models.postponement import POSTPONEMENT_LABELS
from schedules.models.swap import SWAP_LABELS
from schedules.turns.queries import Dossier


@dataclass(frozen=True, slots=True)
class RequestLine:
    """path: where the unit withdraws it while it is open, by a form of its own page or (is_post) by one button."""

    words: str
    label: str
    is_open: bool
    path: str
    is_post: bool = False


def request_lines(dossier: Dossier) -> list[RequestLine]:
    """What the lecture's unit has asked for, the last first."""
    number = dossier.lecture.number
    asked = [(each.asked_at, _swap(each)) for each in dossier.swaps]
    asked += [(each.asked_at, _postponement(each, number)) for each in dossier.postponements]
    return [line for _, line in sorted(asked, key=lambda pair: pair[0], reverse=True)]


def _swap(swap: Swap) -> RequestLine:
    is_open = swap.state is SwapState.OPEN
    words = f"申请和{swap.offered.unit.name}（{swap.offered.number}）调换。"
    if swap.answer:
        words += f"答复：{swap.answer}"
    return RequestLine(
        words, SWAP_LABELS[swap.state], is_open, f"/desk/unit/swaps/{swap.id}" if is_open else ""
    )


def _postponement(row: Postponement, number: str) -> RequestLine:
    is_open = row.state is PostponementState.ASKED
    wanted = f"改到 {zh_datetime(row.wanted)}" if row.wanted else "时间另定"
    words = f"申请延期，{wanted}。" if row.asked_unit else f"州局决定延期：{row.reason}"
    if row.answer:
        words += f"答复：{row.answer}"
    path = f"/desk/unit/{number}/postpone/withdraw" if is_open and row.asked_unit else ""
    return RequestLine(words, POSTPONEMENT_LABELS[row.state], is_open, path, is_post=True)
