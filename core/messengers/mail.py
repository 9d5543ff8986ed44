"""Mail by SMTP (RFC 5321), with the standard library in a thread."""

import asyncio
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Literal

from core.messengers.message import Message, NotDelivered

Security = Literal["tls", "starttls", "none"]


@dataclass(frozen=True, slots=True)
class MailServer:
    """user and password empty: no login. sender: the address that stands as From."""

    host: str
    port: int
    security: Security
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


class Mail:
    def __init__(self, server: MailServer, *, timeout_seconds: float) -> None:
        self._server = server
        self._timeout_seconds = timeout_seconds

    async def send(self, message: Message, *, now: datetime) -> None:
        letter = written(message, self._server.sender, now)
        try:
            await asyncio.to_thread(self._deliver, letter)
        except smtplib.SMTPResponseException as error:
            # What a server says beside its code may repeat addresses.
            raise NotDelivered(f"邮件服务器没有收下（代码 {error.smtp_code}）") from None
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise NotDelivered(f"邮件服务器不收这个收件人（代码 {code}）") from None
        except TimeoutError:
            raise NotDelivered(f"邮件服务器 {self._timeout_seconds:g} 秒没有回应") from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotDelivered(f"连不上邮件服务器（{type(error).__name__}）") from None

    def _deliver(self, letter: EmailMessage) -> None:
        server, timeout = self._server, self._timeout_seconds
        context = ssl.create_default_context()
        connection = (
            smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=context)
            if server.security == "tls"
            else smtplib.SMTP(server.host, server.port, timeout=timeout)
        )
        with connection:
            if server.security == "starttls":
                connection.starttls(context=context)
            if server.user:
                connection.login(server.user, server.password)
            connection.send_message(letter)


def written(message: Message, sender: str, now: datetime) -> EmailMessage:
    """The letter (RFC 5322). Raises NotDelivered for an address no letter can have."""
    letter = EmailMessage()
    try:
        letter["From"] = sender
        letter["To"] = message.to
        letter["Subject"] = " ".join(message.subject.split())
    except ValueError:
        raise NotDelivered("收件人的邮箱写得不对，请改正") from None
    if message.to.count("@") != 1 or any(mark in message.to for mark in " ,;<>"):
        raise NotDelivered("收件人的邮箱写得不对，请改正")
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: no holiday answers to a reminder
    letter.set_content(message.text)
    return letter
