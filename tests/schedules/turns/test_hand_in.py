from uuid import uuid4

import pytest

from core.clock import ManualClock
from schedules.models import Broadcast, HandIn, Material, MaterialKind
from schedules.states import Delivery
from schedules.turns.hand_in import is_id_number, is_phone, missing, requirements


def lecture(**values: object) -> Broadcast:
    full = {
        "title": "题目",
        "laws": ["土地管理法"],
        "audience": "干部",
        "lecturer_name": "示例讲师A",
        "lecturer_post": "科长",
    }
    return Broadcast(number="2026-12-1", **(full | values))


def handed(**values: object) -> HandIn:
    full = {
        "lecturer_phone": "0854-8221234",
        "consent_recording": True,
        "consent_publication": True,
        "promised": True,
    }
    return HandIn(broadcast_id=uuid4(), **(full | values))


def files(*kinds: MaterialKind) -> list[Material]:
    now = ManualClock().now()
    return [Material(kind=kind, name="x.pdf", sha256="0" * 64, size=1, uploaded_at=now) for kind in kinds]


ALL = files(MaterialKind.SLIDES, MaterialKind.SCRIPT, MaterialKind.CONSENT)


def test_a_complete_hand_in_lacks_nothing() -> None:
    assert missing(lecture(), handed(), ALL) == []


def test_an_empty_one_is_told_everything_item_by_item() -> None:
    empty = Broadcast(number="2026-12-1", title="")
    items = missing(empty, None, [])
    assert len(items) == 12
    assert all(item.endswith("。") for item in items)
    assert any("讲稿" in item for item in items)


@pytest.mark.parametrize("name", ["title", "laws", "audience", "lecturer_name", "lecturer_post"])
def test_what_the_lecture_lacks_is_named(name: str) -> None:
    empty: object = [] if name == "laws" else ""
    short = [each for each in requirements(lecture(**{name: empty}), handed(), ALL) if not each.met]
    assert [each.name for each in short] == [name]


@pytest.mark.parametrize("name", ["lecturer_phone", "consent_recording", "consent_publication", "promised"])
def test_what_the_hand_in_lacks_is_named(name: str) -> None:
    short = [each for each in requirements(lecture(), handed(**{name: ""}), ALL) if not each.met]
    assert [each.name for each in short] == [name]


def test_a_missing_script_is_asked_for_and_a_replaced_one_does_not_count() -> None:
    without = files(MaterialKind.SLIDES, MaterialKind.CONSENT)
    assert missing(lecture(), handed(), without) == ["请上传讲稿。"]
    old = files(MaterialKind.SCRIPT)
    old[0].replaced_at = ManualClock().now()
    assert missing(lecture(), handed(), without + old) == ["请上传讲稿。"]


def test_a_lecturer_who_agreed_by_their_own_link_needs_no_signed_paper() -> None:
    without = files(MaterialKind.SLIDES, MaterialKind.SCRIPT)
    assert missing(lecture(), handed(consent_by_lecturer=True), without) == []
    assert len(missing(lecture(), handed(), without)) == 1


def test_an_outside_platform_needs_its_address() -> None:
    outside = lecture(delivery=Delivery.EXTERNAL, external_url="")
    assert missing(outside, handed(), ALL) == ["在外部平台播出的，请填网址。"]


@pytest.mark.parametrize("text", ["13812345678", "0854-8221234", "+86 854 8221234", "8221234"])
def test_phones_are_taken_as_people_write_them(text: str) -> None:
    assert is_phone(text)


@pytest.mark.parametrize("text", ["", "123", "------- ", "电话1234567", "1" * 30, "１３８１２３４５６７８"])
def test_what_is_no_phone_is_refused(text: str) -> None:
    assert not is_phone(text)


def test_an_id_number_is_checked_by_its_last_digit() -> None:
    assert is_id_number("11010519491231002X")  # the standard's own example
    assert not is_id_number("110105194912310021")
    assert not is_id_number("11010519491231002x")
    assert not is_id_number("1101051949123100")
