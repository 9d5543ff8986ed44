import re
import threading
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import BytesIO

import docx
import pytest
from PIL import Image
from portal.pages import pack as pack_pages

from schedules.models import Broadcast, Material, MaterialKind
from schedules.states import AirState, PlanState
from streaming.keys import verify
from tests.support.cast import UNIT_A, UNIT_B
from tests.support.pdf_reading import read_pdf
from tests.support.website import SECRETS, Website

BUREAU = {"administrator", "duty"}
OWN = BUREAU | {"liaison-a"}
FILES = ("poster.png", "qr.svg", "qr.png")


async def approved(website: Website, title: str = "欠薪怎么办") -> Broadcast:
    return await website.lecture(
        title,
        starts_at=website.clock.now() + timedelta(days=2),
        lecturer_name="示例讲师A",
        lecturer_post="主任",
    )


def pack(lecture: Broadcast) -> str:
    return f"/desk/broadcasts/{lecture.number}/pack"


def notices(text: str) -> list[str]:
    return [unescape(found) for found in re.findall(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)]


async def test_the_bureau_and_the_lectures_own_unit_have_the_pack(website: Website) -> None:
    lecture = await approved(website)
    base = pack(lecture)
    form = f"/desk/broadcasts/{lecture.number}/approval-form.docx"
    for path in (base, *(f"{base}/{name}" for name in FILES), form):
        for person in website.cast:
            response = await website.page(person, path)
            expected = 303 if person.user is None else 200 if person.name in OWN else 403
            assert response.status_code == expected, (path, person.name)


async def test_the_codes_of_all_units_are_the_bureaus(website: Website) -> None:
    path = f"{pack(await approved(website))}/codes.pdf"
    for person in website.cast:
        response = await website.page(person, path)
        expected = 303 if person.user is None else 200 if person.name in BUREAU else 403
        assert response.status_code == expected, person.name
    read = read_pdf((await website.page(website.cast.administrator, path)).content)
    assert len(read.pages) == 4
    text = "\n".join(page.text for page in read.pages)
    assert text.count("?u=") == 40
    assert "《欠薪怎么办》收看二维码" in read.pages[0].text


async def test_a_unit_cannot_make_out_papers_for_another(website: Website) -> None:
    base = pack(await approved(website))
    for path in (base, *(f"{base}/{name}" for name in FILES)):
        assert (await website.page(website.cast.liaison_a, f"{path}?unit={UNIT_B}")).status_code == 403
        assert (await website.page(website.cast.liaison_a, f"{path}?unit={UNIT_A}")).status_code == 200


async def test_the_bureau_makes_them_out_for_any_unit_there_is(website: Website) -> None:
    base = pack(await approved(website))
    text = (await website.page(website.cast.administrator, f"{base}?unit={UNIT_B}")).text
    assert f"?u={UNIT_B}" in notices(text)[0]
    plain = (await website.page(website.cast.administrator, base)).text
    assert "?u=" not in notices(plain)[0]
    assert (await website.page(website.cast.administrator, f"{base}?unit=999999")).status_code == 409


async def test_before_the_approval_there_is_nothing_to_announce_with(website: Website) -> None:
    lecture = await approved(website)
    for plan in (PlanState.DRAFT, PlanState.AWAITING, PlanState.UNIT_REVIEW, PlanState.BUREAU_REVIEW):
        await Broadcast.filter(id=lecture.id).update(plan_state=plan)
        for path in (pack(lecture), *(f"{pack(lecture)}/{name}" for name in (*FILES, "codes.pdf"))):
            response = await website.page(website.cast.administrator, path)
            assert response.status_code == 409, (plan, path)
            assert "还没有通过州局审核" in response.text


async def test_a_lecture_that_does_not_exist_is_not_found(website: Website) -> None:
    for number in ("2026-11-9", "nonsense"):
        assert (await website.page(website.cast.duty, f"/desk/broadcasts/{number}/pack")).status_code == 404


async def test_the_notice_is_ready_to_paste_with_the_units_own_address(website: Website) -> None:
    lecture = await approved(website)
    text = (await website.page(website.cast.liaison_a, pack(lecture))).text
    (only,) = notices(text)
    assert only.startswith(f"【直播预告】{website.settings.site_name} {lecture.number}")
    assert f"{website.settings.public_url}/l/{lecture.number}?u={UNIT_A}" in only
    assert "2026年11月26日（周四）15:00" in only
    assert "示例讲师A 主任" in only
    assert 'data-copy="notice-announcement"' in text


@pytest.mark.parametrize(
    ("plan", "head", "said"),
    [
        (PlanState.POSTPONED, "【延期通知】", "现延期，时间另定"),
        (PlanState.CANCELLED, "【取消通知】", "已取消"),
    ],
)
async def test_called_off_the_pack_has_the_right_notice_at_once(
    website: Website, plan: PlanState, head: str, said: str
) -> None:
    lecture = await approved(website)
    now = website.clock.now()
    await website.page(website.cast.liaison_a, pack(lecture))
    await Broadcast.filter(id=lecture.id).update(
        plan_state=plan, announced_at=now, first_starts_at=lecture.starts_at
    )
    for person in (website.cast.liaison_a, website.cast.administrator):
        text = (await website.page(person, pack(lecture))).text
        (only,) = notices(text)
        assert only.startswith(head)
        assert "原定：2026年11月26日（周四）15:00" in only
        assert said in text
        assert "推流码" not in text


async def test_moved_the_pack_tells_both_times_and_announces_the_new_one(website: Website) -> None:
    lecture = await approved(website)
    assert lecture.starts_at is not None
    await Broadcast.filter(id=lecture.id).update(
        first_starts_at=lecture.starts_at, starts_at=lecture.starts_at + timedelta(days=14)
    )
    moved, announced = notices((await website.page(website.cast.liaison_a, pack(lecture))).text)
    assert "原定：2026年11月26日（周四）15:00\n现定：2026年12月10日（周四）15:00" in moved
    assert "2026年12月10日" in announced
    assert "2026年11月26日" not in announced


async def test_the_poster_changes_with_the_lecture(website: Website) -> None:
    lecture = await approved(website)
    before = await website.page(website.cast.liaison_a, f"{pack(lecture)}/poster.png")
    assert before.headers["cache-control"] == "no-store"
    assert Image.open(BytesIO(before.content)).size == (1280, 1008)
    await Broadcast.filter(id=lecture.id).update(
        plan_state=PlanState.CANCELLED, announced_at=website.clock.now()
    )
    after = await website.page(website.cast.liaison_a, f"{pack(lecture)}/poster.png?download")
    assert after.content != before.content
    assert after.headers["content-disposition"].startswith("attachment")


async def test_those_who_send_it_see_the_encoders_address_until_the_lecture_ends(website: Website) -> None:
    lecture = await approved(website)
    for person in (website.cast.administrator, website.cast.duty, website.cast.liaison_a):
        text = (await website.page(person, pack(lecture))).text
        found = re.search(r'id="key"[^>]* value="([^"]+)"', text)
        assert found is not None
        assert verify(found[1], SECRETS.accepted, lecture.id, lecture.number, 1)
        assert website.settings.public_rtmp_url in text
    await website.move(lecture, AirState.LIVE, AirState.ENDED)
    text = (await website.page(website.cast.administrator, pack(lecture))).text
    assert 'id="key"' not in text
    assert notices(text)[0].startswith("【回看通知】")


async def test_the_form_to_sign_is_there_before_the_approval_with_the_hash_of_every_file(
    website: Website,
) -> None:
    lecture = await approved(website)
    await Broadcast.filter(id=lecture.id).update(plan_state=PlanState.UNIT_REVIEW, version=5)
    now = website.clock.now()
    for kind, name, replaced in (
        (MaterialKind.SLIDES, "课件.pptx", None),
        (MaterialKind.SCRIPT, "旧讲稿.docx", now),
        (MaterialKind.SIGNED_FORM, "签字.pdf", None),
    ):
        await Material.create(
            broadcast_id=lecture.id,
            kind=kind,
            name=name,
            media_type="application/octet-stream",
            size=2048,
            sha256="ab" * 32,
            uploaded_at=now,
            uploaded_by="示例联络员甲",
            uploaded_actor="user:1",
            replaced_at=replaced,
        )
    path = f"/desk/broadcasts/{lecture.number}/approval-form.docx"
    response = await website.page(website.cast.liaison_a, path)
    document = docx.Document(BytesIO(response.content))
    text = "\n".join(cell.text for row in document.tables[0].rows for cell in row.cells)
    assert f"课件：课件.pptx（2 KB）\nSHA-256 {'ab' * 32}" in text
    assert "旧讲稿.docx" not in text
    assert "签字.pdf" not in text
    assert "第 5 版" in document.paragraphs[-1].text
    await Broadcast.filter(id=lecture.id).update(plan_state=PlanState.DRAFT)
    assert (await website.page(website.cast.administrator, path)).status_code == 409


async def test_the_desk_leads_to_the_pack_once_there_is_one(website: Website) -> None:
    lecture = await approved(website)
    path = f"/desk/broadcasts/{lecture.number}"
    assert f'href="{path}/pack"' in (await website.page(website.cast.administrator, path)).text
    await Broadcast.filter(id=lecture.id).update(plan_state=PlanState.BUREAU_REVIEW)
    assert f'href="{path}/pack"' not in (await website.page(website.cast.administrator, path)).text


@pytest.mark.parametrize(
    ("made_by", "path"),
    [
        ("poster_png", "pack/poster.png"),
        ("qr_png", "pack/qr.png"),
        ("qr_sheet", "pack/codes.pdf"),
        ("approval_form", "approval-form.docx"),
    ],
)
async def test_nothing_is_drawn_on_the_event_loop(
    website: Website, monkeypatch: pytest.MonkeyPatch, made_by: str, path: str
) -> None:
    lecture = await approved(website)
    make: Callable[..., bytes] = getattr(pack_pages, made_by)
    threads: list[threading.Thread] = []

    def watched(*given: object, **named: object) -> bytes:
        threads.append(threading.current_thread())
        return make(*given, **named)

    monkeypatch.setattr(pack_pages, made_by, watched)
    response = await website.page(website.cast.administrator, f"/desk/broadcasts/{lecture.number}/{path}")
    assert response.status_code == 200
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()
