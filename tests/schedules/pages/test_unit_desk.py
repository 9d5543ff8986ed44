import re

from core.grants import LinkPurpose
from schedules.models import Material, MaterialKind, Postponement, Swap, SwapState
from schedules.states import PlanState
from tests.support.cast import UNIT_B
from tests.support.plan import PDF
from tests.support.turn_pages import (
    FILES,
    FORM,
    NUMBER,
    in_bureau_review,
    in_unit_review,
    lecture_now,
    opened_link,
    told,
)
from tests.support.website import Website

BASE = f"/desk/unit/{NUMBER}"
OTHER = "2026-12-1"
READ = ["/desk/unit", BASE, f"{BASE}/hand-in", f"{BASE}/swap", f"{BASE}/postpone"]
WRITE = [f"{BASE}/{act}" for act in ("hand-in", "swap", "postpone", "postpone/withdraw", "take-back")]
WRITE += [f"{BASE}/{act}" for act in ("approver-link", "lecturer-link", "signed-form")]


async def fields(website: Website, **changes: str) -> dict[str, str]:
    return FORM | {"version": str((await lecture_now()).version)} | changes


async def test_only_the_liaison_of_the_unit_comes_to_its_lecture(website: Website) -> None:
    await told(website)
    await told(website, OTHER, UNIT_B)
    for path in READ:
        for person in website.cast:
            response = await website.page(person, path)
            own = person.name == "liaison-a" or (person.name == "liaison-b" and path == "/desk/unit")
            assert response.status_code == (303 if person.user is None else 200 if own else 403), (
                path,
                person.name,
            )


async def test_nobody_else_changes_anything_of_it(website: Website) -> None:
    before = await told(website)
    for path in WRITE:
        for person in website.cast:
            if person.name != "liaison-a":
                response = await website.submit(person, path, await fields(website))
                assert response.status_code == (303 if person.user is None else 403), (path, person.name)
    assert (await lecture_now()).version == before.version


async def test_forged_numbers_and_ids_are_not_there(website: Website) -> None:
    lecture = await told(website)
    await Material.create(
        broadcast=await told(website, OTHER, UNIT_B),
        kind=MaterialKind.SLIDES,
        name="别人的.pdf",
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        uploaded_at=website.clock.now(),
        uploaded_by="乙",
        uploaded_actor="user:b",
    )
    foreign = await Material.get(name="别人的.pdf")
    for path in ("/desk/unit/2099-1-1", "/desk/unit/x", f"/desk/unit/swaps/{lecture.id}"):
        assert (await website.page(website.cast.liaison_a, path)).status_code == 404, path
    forged = f"/materials/{NUMBER}/{foreign.id}"
    assert (await website.page(website.cast.liaison_a, forged)).status_code == 404
    theirs = f"/materials/{OTHER}/{foreign.id}"
    assert (await website.page(website.cast.liaison_a, theirs)).status_code == 403
    sent = await fields(website, remove=str(foreign.id))
    assert (await website.submit(website.cast.liaison_a, f"{BASE}/hand-in", sent)).status_code == 404
    assert (await Material.get(id=foreign.id)).replaced_at is None


async def test_the_next_turn_is_large_with_what_is_missing_and_the_days(website: Website) -> None:
    await told(website)
    text = (await website.page(website.cast.liaison_a, "/desk/unit")).text
    assert "我的下一次轮值" in text
    assert "<b>30</b><span>天后开播</span>" in text
    for words in ("还缺", "请填讲座主题。", "请上传课件。", "2026年12月10日", "填写报送"):
        assert words in text, words
    empty = (await website.page(website.cast.liaison_b, "/desk/unit")).text
    assert "还没有轮到您" in empty


async def test_a_draft_is_not_told_to_the_unit(website: Website) -> None:
    lecture = await told(website)
    lecture.plan_state = PlanState.DRAFT
    await lecture.save()
    assert (await website.page(website.cast.liaison_a, BASE)).status_code == 404
    assert NUMBER not in (await website.page(website.cast.liaison_a, "/desk/unit")).text


async def test_what_is_typed_and_uploaded_is_kept_though_something_is_missing(website: Website) -> None:
    """Scenario 2: without the script it is held back, item by item, and nothing has to be typed again."""
    await told(website)
    sent = await fields(website, intent="submit", lecturer_phone="")
    response = await website.submit(website.cast.liaison_a, f"{BASE}/hand-in", sent, files=FILES[:1])
    assert response.status_code == 422
    assert set(re.findall(r'id="error-([\w.]+)"', response.text)) == {
        "lecturer_phone",
        "file_script",
        "file_consent",
    }
    assert "请上传讲稿。" in response.text
    assert 'value="新修订行政复议法解读"' in response.text
    assert "课件.pdf" in response.text
    assert (await lecture_now()).plan_state is PlanState.AWAITING
    again = (await website.page(website.cast.liaison_a, f"{BASE}/hand-in")).text
    assert 'value="示例讲师A"' in again
    assert "行政复议法实施条例" in again
    assert again.count("checked") == 3


async def test_a_complete_hand_in_goes_to_the_units_review_once(website: Website) -> None:
    await told(website)
    sent = await fields(website, intent="submit")
    first = await website.submit(website.cast.liaison_a, f"{BASE}/hand-in", sent, files=FILES)
    assert first.headers.get("location") == BASE, first.text
    after = await lecture_now()
    assert after.plan_state is PlanState.UNIT_REVIEW
    twice = await website.submit(website.cast.liaison_a, f"{BASE}/hand-in", sent, files=FILES)
    assert twice.status_code == 409
    assert "已经报送" in twice.text
    assert (await lecture_now()).version == after.version
    assert await Material.filter(broadcast_id=after.id).count() == 3
    page = (await website.page(website.cast.liaison_a, BASE)).text
    assert "生成初审链接" in page
    assert f"/desk/broadcasts/{NUMBER}/approval-form.docx" in page
    form = await website.page(website.cast.liaison_a, f"/desk/broadcasts/{NUMBER}/approval-form.docx")
    assert form.content.startswith(b"PK")


async def test_a_file_that_is_none_is_refused_at_its_field_and_the_others_are_kept(website: Website) -> None:
    await told(website)
    bad = [("file_slides", ("课件.pdf", b"MZ no pdf", "application/pdf")), FILES[1]]
    sent = await fields(website, intent="save")
    response = await website.submit(website.cast.liaison_a, f"{BASE}/hand-in", sent, files=bad)
    assert response.status_code == 422
    assert 'id="error-file_slides"' in response.text
    assert [each.name for each in await Material.all()] == ["讲稿.pdf"]


async def test_who_saves_on_an_old_version_is_told_and_loses_nothing(website: Website) -> None:
    await told(website)
    old = await fields(website, intent="save", title="后来的人写的")
    await website.submit(website.cast.liaison_a, f"{BASE}/hand-in", await fields(website, intent="save"))
    response = await website.submit(website.cast.liaison_a, f"{BASE}/hand-in", old)
    assert response.status_code == 409
    assert "看过再改" in response.text
    assert 'value="后来的人写的"' in response.text
    assert (await lecture_now()).title == FORM["title"]
    version = re.search(r'name="version" value="(\d+)"', response.text)
    assert version is not None
    await website.submit(website.cast.liaison_a, f"{BASE}/hand-in", old | {"version": version[1]})
    assert (await lecture_now()).title == "后来的人写的"


async def test_a_file_is_removed_and_the_texts_stay(website: Website) -> None:
    await told(website)
    await website.submit(
        website.cast.liaison_a, f"{BASE}/hand-in", await fields(website, intent="save"), files=FILES
    )
    slides = await Material.get(kind=MaterialKind.SLIDES)
    sent = await fields(website, remove=str(slides.id), title="改过的题目")
    response = await website.submit(website.cast.liaison_a, f"{BASE}/hand-in", sent)
    assert response.status_code == 303
    assert (await Material.get(id=slides.id)).replaced_at is not None
    assert (await lecture_now()).title == "改过的题目"


async def test_files_are_shown_to_those_who_may_read_them_and_run_nothing(website: Website) -> None:
    lecture = await in_unit_review(website)
    file = await Material.get(broadcast_id=lecture.id, kind=MaterialKind.SLIDES)
    path = f"/materials/{NUMBER}/{file.id}"
    readers = ("liaison-a", "administrator", "duty", "auditor")
    for person in website.cast:
        response = await website.page(person, path)
        expected = 303 if person.user is None else 200 if person.name in readers else 403
        assert response.status_code == expected, person.name
    approver = await opened_link(website, LinkPurpose.APPROVER, "示例分管领导")
    response = await website.page(approver, path)
    assert response.content == PDF
    assert response.headers["content-disposition"].startswith("inline")
    assert "script-src" not in response.headers["content-security-policy"]
    assert "default-src 'none'" in response.headers["content-security-policy"]


async def test_the_approvers_link_is_shown_once_and_opens_his_page(website: Website) -> None:
    await in_unit_review(website)
    nameless = await website.submit(website.cast.liaison_a, f"{BASE}/approver-link", {"holder": " "})
    assert nameless.status_code == 422
    shown = await website.submit(website.cast.liaison_a, f"{BASE}/approver-link", {"holder": "示例分管领导"})
    found = re.search(r'value="[^"]*(/link/[^"]+)"', shown.text)
    assert found is not None
    assert "/link/" not in (await website.page(website.cast.liaison_a, BASE)).text
    assert (await website.page(website.cast.anonymous, found[1])).status_code == 200
    pressed = await website.submit(website.cast.anonymous, found[1])
    assert pressed.headers["location"] == f"/approve/{NUMBER}"


async def test_the_signed_form_on_paper_passes_the_units_review(website: Website) -> None:
    lecture = await in_unit_review(website)
    sent = {"version": str(lecture.version), "signer": ""}
    scan = [("file", ("审批表.pdf", PDF, "application/pdf"))]
    bare = await website.submit(website.cast.liaison_a, f"{BASE}/signed-form", sent)
    assert set(re.findall(r'id="error-(\w+)"', bare.text)) == {"signer", "file"}
    sent["signer"] = "示例联络员甲"
    own = await website.submit(website.cast.liaison_a, f"{BASE}/signed-form", sent, files=scan)
    assert own.status_code == 403  # nobody passes what he handed in himself
    sent = {"version": str((await lecture_now()).version), "signer": "示例分管领导"}
    response = await website.submit(website.cast.liaison_a, f"{BASE}/signed-form", sent, files=scan)
    assert response.status_code == 303, response.text
    assert (await lecture_now()).plan_state is PlanState.BUREAU_REVIEW


async def test_a_hand_in_can_be_taken_back_until_the_unit_has_passed_it(website: Website) -> None:
    lecture = await in_unit_review(website)
    sent = {"version": str(lecture.version)}
    assert (await website.submit(website.cast.liaison_a, f"{BASE}/take-back", sent)).status_code == 303
    assert (await lecture_now()).plan_state is PlanState.AWAITING
    assert (await website.submit(website.cast.liaison_a, f"{BASE}/take-back", sent)).status_code == 409


async def test_a_swap_needs_both_units_and_the_bureau(website: Website) -> None:
    mine = await told(website)
    await told(website, OTHER, UNIT_B)
    sent = {"version": str(mine.version), "choice": OTHER, "reason": ""}
    response = await website.submit(website.cast.liaison_a, f"{BASE}/swap", sent)
    assert 'id="error-reason"' in response.text
    sent["reason"] = "主讲人出差"
    assert (await website.submit(website.cast.liaison_a, f"{BASE}/swap", sent)).status_code == 303
    assert (await website.submit(website.cast.liaison_a, f"{BASE}/swap", sent)).status_code == 409  # twice
    swap = await Swap.get()
    unit, bureau = f"/desk/unit/swaps/{swap.id}", f"/desk/swaps/{swap.id}"
    version = {"version": "0", "decision": "yes"}
    assert (await website.submit(website.cast.liaison_a, bureau, version)).status_code == 403
    assert "想和您调换" in (await website.page(website.cast.liaison_b, "/desk/unit")).text
    for person in (website.cast.official, website.cast.auditor, website.cast.duty):
        assert (await website.page(person, bureau)).status_code == 403
        assert (await website.page(person, unit)).status_code == 403
    assert (await website.submit(website.cast.liaison_b, unit, version)).status_code == 303
    assert (await Swap.get()).state is SwapState.OPEN
    assert (await website.submit(website.cast.administrator, bureau, version)).status_code == 303
    assert (await Swap.get()).state is SwapState.DONE
    assert (await lecture_now()).unit_id == UNIT_B
    assert (await website.page(website.cast.liaison_a, BASE)).status_code == 403


async def test_a_postponement_is_asked_for_once_and_can_be_withdrawn(website: Website) -> None:
    lecture = await told(website)
    sent = {"version": str(lecture.version), "reason": "撞上换届", "date": "2020-01-01", "time": "15:00"}
    past = await website.submit(website.cast.liaison_a, f"{BASE}/postpone", sent)
    assert 'id="error-date"' in past.text
    sent |= {"date": "2027-01-14"}
    assert (await website.submit(website.cast.liaison_a, f"{BASE}/postpone", sent)).status_code == 303
    sent |= {"version": str((await lecture_now()).version)}
    assert (await website.submit(website.cast.liaison_a, f"{BASE}/postpone", sent)).status_code == 409
    assert await Postponement.all().count() == 1
    page = (await website.page(website.cast.liaison_a, BASE)).text
    assert "撤回申请" in page
    path = f"{BASE}/postpone/withdraw"
    assert (await website.submit(website.cast.liaison_a, path)).status_code == 303
    assert (await website.submit(website.cast.liaison_a, path)).status_code == 409


async def test_a_returned_hand_in_says_why_where_it_is_mended(website: Website) -> None:
    lecture = await in_bureau_review(website)
    sent = {"version": str(lecture.version), "reason": "引用条款已修订"}
    path = f"/desk/review/{NUMBER}/return"
    assert (await website.submit(website.cast.administrator, path, sent)).status_code == 303
    for place in (BASE, f"{BASE}/hand-in"):
        assert "引用条款已修订" in (await website.page(website.cast.liaison_a, place)).text
