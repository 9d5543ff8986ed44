"""Which messengers this house has, by its settings."""

import sys
from collections.abc import Mapping
from enum import StrEnum

from core.messengers.mail import Mail, MailServer
from core.messengers.message import Messenger
from core.messengers.robots import GroupRobot, RobotKind
from core.messengers.sms import (
    MOBILE_MARK,
    TEXT_MARK,
    ConsoleSms,
    Gateway,
    HttpSms,
    success_of,
    template_of,
)
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
    elif settings.sms == "http":
        made[Way.SMS] = HttpSms(_gateway(settings), timeout_seconds=settings.message_timeout_seconds)
    return made


def _gateway(settings: Settings) -> Gateway:
    if settings.sms_url is None:
        raise SettingsError("WEIKETANG_SMS 设为 http，还要设 WEIKETANG_SMS_URL。")
    try:
        body = template_of(settings.sms_body)
    except (ValueError, RecursionError):
        raise SettingsError(
            f"WEIKETANG_SMS_BODY 不能用：应为 JSON，其中有 {MOBILE_MARK} 和 {TEXT_MARK}。"
        ) from None
    try:
        success = success_of(settings.sms_success)
    except ValueError:
        raise SettingsError("WEIKETANG_SMS_SUCCESS 不能用：应写成 code=0 或 data.status=OK 这样。") from None
    header = (settings.sms_header, settings.sms_secret) if settings.sms_secret else None
    return Gateway(settings.sms_url, body, header, success, settings.sms_longest)
