"""The tables of the plan; one file a concept."""

from schedules.models.broadcast import Broadcast

__all__ = ["Broadcast"]
