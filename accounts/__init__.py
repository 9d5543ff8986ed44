"""Units and people: Unit, User, roles, login."""
