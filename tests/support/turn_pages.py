"""The pages of the plan as the cast meets them: a lecture of unit A brought to where a test begins."""

from accounts.links import issue_link
from core.audit import Actor, ActorKind, command_line
from core.grants import LinkPurpose
from core.storage import Store
from schedules.models import Broadcast, CheckKind
from schedules.turns.materials import open_materials
from tests.support.cast import UNIT_A, Person
from tests.support.plan import PDF, START, handed_in, issued, unit_passed
from tests.support.website import Website

NUMBER = "2026-12-2"
FORM = {
    "title": "新修订行政复议法解读",
    "laws": "中华人民共和国行政复议法\n中华人民共和国行政复议法实施条例",
    "language": "mandarin",
    "audience": "本系统干部职工、村（居）民",
    "lecturer_name": "示例讲师A",
    "lecturer_post": "法规科科长",
    "lecturer_phone": "0854-8221234",
    "consent_recording": "yes",
    "consent_publication": "yes",
    "promised": "yes",
    "delivery": "live",
}
FILES = [
    ("file_slides", ("课件.pdf", PDF, "application/pdf")),
    ("file_script", ("讲稿.pdf", PDF, "application/pdf")),
    ("file_consent", ("授权书.pdf", PDF, "application/pdf")),
]
CHECKS = {
    f"{kind.value}_{part}": text
    for kind in CheckKind
    for part, text in (("name", "示例审核员"), ("opinion", "同意"))
}


def liaison_actor(website: Website) -> Actor:
    user = website.cast.liaison_a.user
    assert user is not None
    return Actor(ActorKind.USER, str(user.id), user.display_name, UNIT_A)


def store_of(website: Website) -> Store:
    return open_materials(website.settings)


async def told(website: Website, number: str = NUMBER, unit: str = UNIT_A) -> Broadcast:
    """已下达, 22 working days ahead."""
    return await issued(number, unit, website.clock, website.settings, starts_at=START)


async def in_unit_review(website: Website) -> Broadcast:
    await told(website)
    by = liaison_actor(website)
    return await handed_in(NUMBER, website.clock, website.settings, store_of(website), by=by)


async def in_bureau_review(website: Website) -> Broadcast:
    await told(website)
    by = liaison_actor(website)
    approver = Actor(ActorKind.LINK, "approver", "示例分管领导", UNIT_A)
    return await unit_passed(
        NUMBER, website.clock, website.settings, store_of(website), by=by, approver=approver
    )


async def lecture_now(number: str = NUMBER) -> Broadcast:
    return await Broadcast.get(number=number).prefetch_related("unit")


async def opened_link(website: Website, purpose: LinkPurpose, holder: str, number: str = NUMBER) -> Person:
    """Somebody without an account who has pressed the button of a link: their browser holds the grant."""
    lecture = await lecture_now(number)
    token = await issue_link(
        purpose,
        unit_code=lecture.unit_id,
        subject=number,
        holder=holder,
        by=command_line(),
        now=website.clock.now(),
        settings=website.settings,
    )
    person = Person(f"{purpose.value} {holder}")
    answer = await website.submit(person, f"/link/{token}")
    assert answer.status_code == 303, answer.text
    return person
