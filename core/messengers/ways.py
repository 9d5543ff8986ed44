"""Which messengers this house has, by its settings."""

import sys
from collections.abc import Mapping
from enum import StrEnum

from core.messengers.mail import Mail, MailServer
from core.messengers.message import Messenger
from core.messengers.robots import GroupRobot, RobotKind
from core.messengers.sms import ConsoleSms
from core.settings import Settings, SettingsError


class Way(StrEnum):
    """A robot speaks to a group; mail and SMS to one person."""

    ROBOT = "robot"
    MAIL = "mail"
    SMS = "sms"

    @property
    def is_personal(self) -> bool:
        return self is not Way.ROBOT


def messengers_of(settings: Settings) -> Mapping[Way, Messenger]:
    """The ways that are set up. Raises SettingsError when one is set up by half."""
    made: dict[Way, Messenger] = {}
    if settings.robot != "none":
        if settings.robot_url is None:
            raise SettingsError("设了 WEIKETANG_ROBOT，还要设 WEIKETANG_ROBOT_URL。")
        made[Way.ROBOT] = GroupRobot(
            RobotKind(settings.robot),
            settings.robot_url,
            secret=settings.robot_secret or "",
            timeout_seconds=settings.message_timeout_seconds,
        )
    if settings.smtp_host is not None:
        if settings.smtp_from is None:
            raise SettingsError("设了 WEIKETANG_SMTP_HOST，还要设 WEIKETANG_SMTP_FROM。")
        server = MailServer(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_security,
            settings.smtp_from,
            settings.smtp_user or "",
            settings.smtp_password or "",
        )
        made[Way.MAIL] = Mail(server, timeout_seconds=settings.message_timeout_seconds)
    if settings.sms == "console":
        made[Way.SMS] = ConsoleSms(sys.stderr)
    return made
