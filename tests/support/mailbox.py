"""A real SMTP server (RFC 5321) on a port of its own that keeps the letters it is handed."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.messengers.mail import Security


@dataclass
class Mailbox:
    """refusals: command → the answer given instead of taking it, such as "RCPT": "550 who?"."""

    port: int = 0
    user: str = ""
    password: str = ""
    tls: ssl.SSLContext | None = None
    security: Security = "none"
    refusals: dict[str, str] = field(default_factory=dict)
    letters: list[EmailMessage] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    were_encrypted: list[bool] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(line: str) -> None:
            writer.write(line.encode() + b"\r\n")
            await writer.drain()

        try:
            await say("220 mailbox")
            while line := (await reader.readline()).decode().rstrip("\r\n"):
                command, _, rest = line.partition(" ")
                command = command.upper()
                if command in self.refusals:
                    await say(self.refusals[command])
                elif command == "EHLO":
                    offers = ["mailbox", "AUTH PLAIN"] + ["STARTTLS"] * (self.security == "starttls")
                    for offer in offers[:-1]:
                        await say(f"250-{offer}")
                    await say(f"250 {offers[-1]}")
                elif command == "STARTTLS" and self.tls is not None:
                    await say("220 go on")
                    await writer.start_tls(self.tls)
                elif command == "AUTH":
                    await say(self._login(rest))
                elif command == "DATA":
                    await say("354 go on")
                    written = (await reader.readuntil(b"\r\n.\r\n"))[:-3]
                    letter = message_from_bytes(written.replace(b"\r\n..", b"\r\n."), policy=policy.default)
                    self.letters.append(letter)
                    self.were_encrypted.append(writer.get_extra_info("sslcontext") is not None)
                    await say("250 taken")
                elif command == "QUIT":
                    await say("221 goodbye")
                    return
                else:
                    await say("250 fine")
        except (ConnectionError, ssl.SSLError):
            pass  # a client that does not trust the certificate
        finally:
            writer.close()

    def _login(self, given: str) -> str:
        kind, _, secret = given.partition(" ")
        self.logins.append(kind)
        expected = base64.b64encode(f"\0{self.user}\0{self.password}".encode()).decode()
        return "235 come in" if secret == expected else "535 wrong password keep-me-quiet"


@asynccontextmanager
async def smtp_server(security: Security = "none", certificate: Path | None = None) -> AsyncIterator[Mailbox]:
    """certificate: a file with key and certificate, as certificate_of_localhost writes it."""
    mailbox = Mailbox(security=security)
    if certificate is not None:
        mailbox.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        mailbox.tls.load_cert_chain(certificate)
    at_once = mailbox.tls if security == "tls" else None
    server = await asyncio.start_server(mailbox.serve, "127.0.0.1", 0, ssl=at_once)
    mailbox.port = server.sockets[0].getsockname()[1]
    async with server:
        yield mailbox


def certificate_of_localhost(folder: Path) -> Path:
    """A self-signed certificate with its key in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
