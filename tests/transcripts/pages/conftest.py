from tests.support.website import website

__all__ = ["website"]
