"""What a username may be."""

import re

USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,39}", re.ASCII)


def normal_username(text: str) -> str:
    """As it is stored and looked up: outer blanks and capitals do not matter. Empty: it cannot be one."""
    name = text.strip().lower()
    return name if USERNAME.fullmatch(name) else ""
