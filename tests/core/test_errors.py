import pytest

from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound


@pytest.mark.parametrize("kind", [DomainError, NotFound, Forbidden, Conflict])
def test_the_docstring_is_the_message_unless_another_is_given(kind: type[DomainError]) -> None:
    assert kind.__doc__
    assert kind().message == str(kind()) == kind.__doc__
    assert kind("别的话").message == "别的话"


def test_a_kind_without_words_takes_those_of_its_parent() -> None:
    class Missing(NotFound):
        pass

    assert Missing().message == NotFound.__doc__


def test_invalid_carries_its_fields_and_says_them() -> None:
    error = Invalid({"title": "请填标题。", "unit": "请选单位。"})
    assert error.fields == {"title": "请填标题。", "unit": "请选单位。"}
    assert error.message == "请填标题。请选单位。"
    assert Invalid({}).message == Invalid.__doc__
