"""The visitor as the audit log names them."""

from core.audit import Actor, ActorKind
from core.web.identity import Visitor


def actor_of(visitor: Visitor) -> Actor:
    return Actor(ActorKind.USER, str(visitor.id), visitor.display_name, visitor.unit_code)
