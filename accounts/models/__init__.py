"""The rows of this area."""

from accounts.models.link import OneTimeLink
from accounts.models.session import LoginThrottle, Session
from accounts.models.token import ApiToken
from accounts.models.unit import Unit, UnitImport, UnitKind, UnitName
from accounts.models.user import RecoveryCode, Role, User

__all__ = [
    "ApiToken",
    "LoginThrottle",
    "OneTimeLink",
    "RecoveryCode",
    "Role",
    "Session",
    "Unit",
    "UnitImport",
    "UnitKind",
    "UnitName",
    "User",
]
