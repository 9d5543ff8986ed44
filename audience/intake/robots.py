"""Robots that say so."""

import re

_ROBOT = re.compile(r"bot\b|bot/|spider|crawl|slurp|preview|facebookexternalhit|monitor", re.IGNORECASE)


def is_robot(user_agent: str) -> bool:
    return bool(_ROBOT.search(user_agent))
