"""The rows of this area; one file a concept. No name, phone, account or address of anybody is in any of them."""

from audience.models.beacon import Beacon, BeaconVisit, Exclusion
from audience.models.definition import DefinitionVersion
from audience.models.group_viewing import GroupViewing
from audience.models.salt import DaySalt
from audience.models.seal import EarlierYear, MonthSeal
from audience.models.visit import DayViews, MinuteViewers, Visit

__all__ = [
    "Beacon",
    "BeaconVisit",
    "DaySalt",
    "DayViews",
    "DefinitionVersion",
    "EarlierYear",
    "Exclusion",
    "GroupViewing",
    "MinuteViewers",
    "MonthSeal",
    "Visit",
]
