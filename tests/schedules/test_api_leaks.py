"""A lecture filled with all that is private appears with none of it in what anybody may read."""

from datetime import timedelta
from pathlib import Path

import pytest

from accounts.models import User
from schedules.models import Broadcast, HandIn, Material, Review, Step
from schedules.models.material import MaterialKind
from schedules.models.review import ReviewStage
from schedules.models.steps import StepAction
from schedules.states import AirState, PlanState
from streaming.keys import stream_key
from tests.support.website import SECRETS, Website, website

__all__ = ["website"]

PHONE, ID_NUMBER, OPINION, REASON = "13812345678", "522701199003071234", "引用条款已修订", "理由不外传"
FILE, DIGEST, TITLE = "内部讲稿终稿.docx", "ab" * 32, "未公开的题目"
APPROVER, LIAISON = "示例审核人甲", "示例报送人乙"
PRIVATE = (PHONE, ID_NUMBER, OPINION, REASON, FILE, DIGEST, APPROVER, LIAISON, "示例值班员丙", "内部对象")
SHOWN = {PlanState.SCHEDULED}


async def filled(website: Website) -> Broadcast:
    """A lecture with a value in everything that a unit or the bureau writes about it."""
    now = website.clock.now()
    lecture = await website.lecture(TITLE, starts_at=now + timedelta(days=1), lecturer_name="示例讲师A")
    officer = await User.get(username="administrator")
    await User.filter(id=officer.id).update(display_name="示例值班员丙")
    await Broadcast.filter(id=lecture.id).update(
        reason=REASON,
        audience="内部对象",
        laws=[REASON],
        duty_officer_id=officer.id,
        announced_at=None,
    )
    await HandIn.create(
        broadcast=lecture,
        lecturer_phone=PHONE,
        consent_by=LIAISON,
        id_number_sealed=ID_NUMBER,
        handed_in_at=now,
        handed_in_by=LIAISON,
        changed_at=now,
    )
    await Material.create(
        broadcast=lecture,
        kind=MaterialKind.SCRIPT,
        name=FILE,
        media_type="application/pdf",
        size=1,
        sha256=DIGEST,
        uploaded_at=now,
        uploaded_by=LIAISON,
        uploaded_actor="user:1",
    )
    await Step.create(
        broadcast=lecture,
        action=StepAction.BUREAU_RETURN,
        person=APPROVER,
        actor="user:1",
        opinion=OPINION,
        at=now,
        before=PlanState.BUREAU_REVIEW,
        after=PlanState.AWAITING,
        version=1,
    )
    await Review.create(
        broadcast=lecture,
        stage=ReviewStage.BUREAU,
        passed=False,
        version=1,
        person=APPROVER,
        recorded_by=APPROVER,
        actor="user:1",
        opinion=OPINION,
        at=now,
    )
    return await Broadcast.get(id=lecture.id)


def addresses(number: str) -> list[str]:
    described = ["/api/v1/broadcasts", f"/api/v1/broadcasts/{number}", f"/api/v1/broadcasts/{number}/status"]
    described += [
        "/api/v1/units",
        "/api/v1/schedule?year=2026",
        f"/api/v1/broadcasts?state=scheduled&size={100}",
    ]
    pages = ["/", "/replays", "/schedule", "/schedule?year=2026", f"/l/{number}", f"/l/{number}/poster.svg"]
    return [*described, *pages, f"/l/{number}/calendar.ics", "/schedule.ics"]


async def answers(website: Website, number: str) -> dict[str, str]:
    found = {}
    for path in addresses(number):
        response = await website.page(website.cast.anonymous, path)
        assert response.status_code in (200, 404, 410), (path, response.status_code)
        found[path] = response.text + str(dict(response.headers))
    return found


@pytest.mark.parametrize("air", AirState)
@pytest.mark.parametrize("plan", PlanState)
async def test_nothing_private_appears_in_any_state(website: Website, plan: PlanState, air: AirState) -> None:
    lecture = await filled(website)
    now = website.clock.now()
    began = None if air is AirState.SCHEDULED else now
    await Broadcast.filter(id=lecture.id).update(plan_state=plan, air_state=air, first_live_at=began)
    key = stream_key(SECRETS.current, lecture.id, lecture.number, lecture.key_version)
    for path, text in (await answers(website, lecture.number)).items():
        for word in (*PRIVATE, key, key.rpartition("-")[2], str(lecture.id)):
            if word == str(lecture.id) and path.endswith(".ics"):
                continue  # what a calendar knows it by
            assert word not in text, (path, word)
        if plan not in SHOWN:
            assert TITLE not in text, path
            if path.startswith(f"/api/v1/broadcasts/{lecture.number}"):
                assert "没有编号为" in text, path


@pytest.mark.parametrize("plan", [PlanState.POSTPONED, PlanState.CANCELLED])
async def test_what_had_been_announced_is_told_when_it_is_called_off(
    website: Website, plan: PlanState
) -> None:
    lecture = await filled(website)
    await Broadcast.filter(id=lecture.id).update(plan_state=plan, announced_at=website.clock.now())
    one = await website.page(website.cast.anonymous, f"/api/v1/broadcasts/{lecture.number}")
    assert (one.status_code, one.json()["state"]) == (200, plan.value)
    for path, text in (await answers(website, lecture.number)).items():
        for word in PRIVATE:
            assert word not in text, (path, word)


async def test_nobody_who_is_logged_in_sees_more_by_the_interface(website: Website) -> None:
    lecture = await filled(website)
    await Broadcast.filter(id=lecture.id).update(plan_state=PlanState.BUREAU_REVIEW)
    for person in website.cast:
        response = await website.page(person, f"/api/v1/broadcasts/{lecture.number}")
        assert response.status_code == 404, person.name


def test_the_interface_writes_out_every_field_by_name() -> None:
    """No model is turned into JSON as a whole: a new column must not be public by itself."""
    source = (Path(__file__).parents[2] / "schedules" / "api.py").read_text(encoding="utf-8")
    for shortcut in ("__dict__", ".values(", "asdict", "vars(", "model_to_dict"):
        assert shortcut not in source
