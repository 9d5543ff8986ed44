"""Whom a unit's reminders go to: set by the bureau, audited with the numbers masked."""

from dataclasses import dataclass
from datetime import datetime

from accounts.queries import find_unit
from core.audit import Actor, masked, record
from core.database import transaction
from core.errors import Invalid, NotFound
from core.messengers.sms import MOBILE
from schedules.models import ReminderContact


@dataclass(frozen=True, slots=True)
class Contact:
    """What is empty is not used."""

    person: str = ""
    mobile: str = ""
    mail: str = ""


async def set_contact(unit_code: str, contact: Contact, *, by: Actor, now: datetime) -> None:
    """Raises NotFound, Invalid."""
    contact = Contact(
        " ".join(contact.person.split()), "".join(contact.mobile.split()), "".join(contact.mail.split())
    )
    _check(contact)
    if await find_unit(unit_code) is None:
        raise NotFound(f"没有代码为 {unit_code[:16]} 的单位。")
    async with transaction():
        before = await ReminderContact.get_or_none(unit_id=unit_code)
        values = {"person": contact.person, "mobile": contact.mobile, "mail": contact.mail}
        await ReminderContact.update_or_create(defaults=values, unit_id=unit_code)
        await record(
            "reminder.contact_set",
            by=by,
            subject=f"unit:{unit_code}",
            now=now,
            before=None if before is None else _told(Contact(before.person, before.mobile, before.mail)),
            after=_told(contact),
        )


def _check(contact: Contact) -> None:
    faults: dict[str, str] = {}
    if len(contact.person) > 40 or not contact.person.isprintable():
        faults["person"] = "姓名不能超过 40 个字。"
    if contact.mobile and not MOBILE.fullmatch(contact.mobile):
        faults["mobile"] = "请填 11 位手机号；不发短信的不用填。"
    if contact.mail and (contact.mail.count("@") != 1 or len(contact.mail) > 120 or "," in contact.mail):
        faults["mail"] = "请填一个邮箱地址；不发邮件的不用填。"
    if (contact.mobile or contact.mail) and not contact.person:
        faults["person"] = "请填收提醒的人的姓名。"
    if faults:
        raise Invalid(faults)


def _told(contact: Contact) -> dict[str, object]:
    return {"person": contact.person, "mobile": masked(contact.mobile), "mail": masked(contact.mail)}
