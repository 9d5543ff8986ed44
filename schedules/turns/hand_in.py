"""报送: what a hand-in must hold, item by item, with what to do about each. Pure."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from schedules.models import Broadcast, HandIn, Material, MaterialKind
from schedules.states import Delivery

PHONE = re.compile(r"\+?[\d\- ]{7,20}", re.ASCII)
ID_NUMBER = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class Requirement:
    """name: the form's field, or `material.` and a kind. remedy: what to do, a sentence."""

    name: str
    label: str
    met: bool
    remedy: str


@dataclass(frozen=True, slots=True)
class _Case:
    broadcast: Broadcast
    hand_in: HandIn | None
    kinds: frozenset[MaterialKind]

    def says(self, name: str) -> bool:
        """Whether the hand-in has a value there."""
        return bool(getattr(self.hand_in, name)) if self.hand_in else False


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    label: str
    remedy: str
    met: Callable[[_Case], bool]
    applies: Callable[[_Case], bool] = lambda case: True


def _has(kind: MaterialKind) -> Callable[[_Case], bool]:
    return lambda case: kind in case.kinds


_RULES = (
    _Rule("title", "讲座主题", "请填讲座主题。", lambda case: bool(case.broadcast.title)),
    _Rule(
        "laws", "讲到的法律法规", "请写明讲到的法律法规，至少一部。", lambda case: bool(case.broadcast.laws)
    ),
    _Rule("audience", "收看对象", "请写明请哪些人收看。", lambda case: bool(case.broadcast.audience)),
    _Rule("lecturer_name", "主讲人姓名", "请填主讲人姓名。", lambda case: bool(case.broadcast.lecturer_name)),
    _Rule("lecturer_post", "主讲人职务", "请填主讲人职务。", lambda case: bool(case.broadcast.lecturer_post)),
    _Rule(
        "lecturer_phone", "主讲人工作电话", "请填主讲人工作电话。", lambda case: case.says("lecturer_phone")
    ),
    _Rule(
        "consent_recording",
        "同意录制",
        "请主讲人同意直播和录制；不同意就不能安排直播，请联系州局。",
        lambda case: case.says("consent_recording"),
    ),
    _Rule(
        "consent_publication",
        "同意公开回看",
        "请主讲人同意公开回看；只同意直播的，请联系州局把回看设为暂缓。",
        lambda case: case.says("consent_publication"),
    ),
    _Rule(
        "promised",
        "单位承诺",
        "请勾选单位承诺：内容真实、合法，已经本单位核对。",
        lambda case: case.says("promised"),
    ),
    _Rule(
        "external_url",
        "外部平台网址",
        "在外部平台播出的，请填网址。",
        lambda case: bool(case.broadcast.external_url),
        lambda case: case.broadcast.delivery is Delivery.EXTERNAL,
    ),
    _Rule("material.slides", "课件", "请上传课件。", _has(MaterialKind.SLIDES)),
    _Rule("material.script", "讲稿", "请上传讲稿。", _has(MaterialKind.SCRIPT)),
    _Rule(
        "material.consent",
        "授权书",
        "请上传主讲人签字的肖像、著作权授权书，或请主讲人用一次性链接自己确认。",
        _has(MaterialKind.CONSENT),
        lambda case: not case.says("consent_by_lecturer"),
    ),
)


def requirements(
    broadcast: Broadcast, hand_in: HandIn | None, materials: Collection[Material]
) -> list[Requirement]:
    """Everything that is asked of this lecture, in the order of the form. materials: those that hold."""
    held = frozenset(each.kind for each in materials if each.replaced_at is None)
    case = _Case(broadcast, hand_in, held)
    return [
        Requirement(rule.name, rule.label, rule.met(case), rule.remedy)
        for rule in _RULES
        if rule.applies(case)
    ]


def missing(broadcast: Broadcast, hand_in: HandIn | None, materials: Collection[Material]) -> list[str]:
    """What is still missing, a sentence each; empty: it may be handed in."""
    return [each.remedy for each in requirements(broadcast, hand_in, materials) if not each.met]


def is_phone(text: str) -> bool:
    """A mobile or a desk's number, with or without area code and extension."""
    return PHONE.fullmatch(text) is not None and sum(letter.isdigit() for letter in text) >= 7


def is_id_number(text: str) -> bool:
    """公民身份号码 with its check digit (GB 11643-1999, ISO 7064 MOD 11-2)."""
    if ID_NUMBER.fullmatch(text) is None:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(ID_WEIGHTS, text[:17], strict=True))
    return ID_CHECKS[total % 11] == text[17]
