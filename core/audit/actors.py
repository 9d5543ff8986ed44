"""Who does something: a person who is logged in, who opened a one-time link, a program, or the house itself."""

import getpass
import os
from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    USER = "user"
    LINK = "link"
    TOKEN = "token"
    COMMAND = "command"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """id: the row's id of a user or token, the SHA-256 of a link, the account on the machine. name: as shown.

    unit_code: the unit somebody acts for; None for the bureau.
    """

    kind: ActorKind
    id: str
    name: str
    unit_code: str | None = None


SYSTEM = Actor(ActorKind.SYSTEM, "system", "系统")


def command_line() -> Actor:
    """Whoever types on the machine, by the account's name; behind sudo, by the account that called it."""
    account = os.environ.get("SUDO_USER") or _account()
    return Actor(ActorKind.COMMAND, account, f"命令行（{account}）")


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's bare number
        return str(os.getuid())
