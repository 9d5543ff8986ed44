"""How words reach people outside the site: a group's robot, mail, text messages; each behind one Protocol."""

from core.messengers.message import Message, Messenger, NotDelivered
from core.messengers.remembering import RememberingMessenger
from core.messengers.ways import Way, messengers_of

__all__ = ["Message", "Messenger", "NotDelivered", "RememberingMessenger", "Way", "messengers_of"]
