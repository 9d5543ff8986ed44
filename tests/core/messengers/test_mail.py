from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.messengers import Message, NotDelivered
from core.messengers.mail import Mail, MailServer, Security
from tests.support.mailbox import Mailbox, certificate_of_localhost, smtp_server

NOW = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
MESSAGE = Message(
    "法治微课堂：报送提醒", "《欠薪怎么办》请于3月5日前报送。\n.\n地址见下。", "liaison@dw.example"
)


def server(mailbox: Mailbox) -> MailServer:
    return MailServer("localhost", mailbox.port, mailbox.security, "weiketang@sfj.example")


async def test_a_letter_arrives_whole() -> None:
    async with smtp_server() as mailbox:
        await Mail(server(mailbox), timeout_seconds=5).send(MESSAGE, now=NOW)
    (letter,) = mailbox.letters
    assert (letter["From"], letter["To"]) == ("weiketang@sfj.example", "liaison@dw.example")
    assert letter["Subject"] == MESSAGE.subject
    assert letter["Date"] == "Mon, 01 Mar 2027 01:00:00 +0000"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().replace("\r\n", "\n").rstrip("\n") == MESSAGE.text
    assert mailbox.logins == []


async def test_it_logs_in_where_it_has_an_account() -> None:
    async with smtp_server() as mailbox:
        mailbox.user, mailbox.password = "weiketang", "correct"
        known = replace(server(mailbox), user="weiketang", password="correct")
        await Mail(known, timeout_seconds=5).send(MESSAGE, now=NOW)
        wrong = replace(known, password="keep-me-quiet")
        with pytest.raises(NotDelivered, match="535") as refused:
            await Mail(wrong, timeout_seconds=5).send(MESSAGE, now=NOW)
    assert len(mailbox.letters) == 1
    assert "keep-me-quiet" not in refused.value.message + repr(wrong)


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_an_encrypted_server_is_believed_only_with_a_certificate_of_somebody_trusted(
    security: Security, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certificate_of_localhost(tmp_path)
    async with smtp_server(security, certificate) as mailbox:
        mail = Mail(server(mailbox), timeout_seconds=5)
        with pytest.raises(NotDelivered, match="连不上邮件服务器"):
            await mail.send(MESSAGE, now=NOW)
        assert mailbox.letters == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        await mail.send(MESSAGE, now=NOW)
    assert mailbox.were_encrypted == [True]


async def test_a_server_without_encryption_gets_nothing_where_encryption_is_asked_for() -> None:
    async with smtp_server() as mailbox:
        asked = replace(server(mailbox), security="starttls")
        with pytest.raises(NotDelivered, match="连不上邮件服务器"):
            await Mail(asked, timeout_seconds=5).send(MESSAGE, now=NOW)
    assert mailbox.letters == []


@pytest.mark.parametrize(
    ("command", "answer", "reason"),
    [
        ("RCPT", "550 no such person liaison@dw.example", "不收这个收件人（代码 550）"),
        ("MAIL", "451 later", "没有收下（代码 451）"),
        ("DATA", "554 spam", "没有收下（代码 554）"),
    ],
)
async def test_what_a_server_refuses_is_said_without_its_words(
    command: str, answer: str, reason: str
) -> None:
    async with smtp_server() as mailbox:
        mailbox.refusals[command] = answer
        with pytest.raises(NotDelivered) as refused:
            await Mail(server(mailbox), timeout_seconds=5).send(MESSAGE, now=NOW)
    assert reason in refused.value.message
    assert "dw.example" not in refused.value.message


@pytest.mark.parametrize("to", ["", "nobody", "a@b@c", "a@b.example, c@d.example", "a@b.example\nBcc: c@d"])
async def test_no_letter_goes_to_more_or_fewer_than_one_address(to: str) -> None:
    async with smtp_server() as mailbox:
        with pytest.raises(NotDelivered, match="邮箱写得不对"):
            await Mail(server(mailbox), timeout_seconds=5).send(replace(MESSAGE, to=to), now=NOW)
    assert mailbox.letters == []


async def test_a_subject_stays_on_its_line() -> None:
    async with smtp_server() as mailbox:
        odd = replace(MESSAGE, subject="一\r\nBcc: x@y.example")
        await Mail(server(mailbox), timeout_seconds=5).send(odd, now=NOW)
    assert mailbox.letters[0]["Bcc"] is None
