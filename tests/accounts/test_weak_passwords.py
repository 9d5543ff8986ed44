import pytest

from accounts.models import Role
from accounts.passwords import new_password, password_fault
from accounts.weak_passwords import is_weak


@pytest.mark.parametrize(
    "password",
    [
        "Password123!",
        "P@ssw0rd2026",
        "Admin@123456",
        "Qwerty!2345",
        "1qaz@WSX3edc",
        "Aa123456789!",
        "Sifaju@2026!!",
        "Woaini1314520!",
        "ZhangSan@2026",
        "zyxw4321!QQ",
        "!!!!!!!!Aa1",
    ],
)
def test_what_everybody_tries_first_is_weak(password: str) -> None:
    assert is_weak(password, username="zhangsan")
    assert password_fault(password, Role.LIAISON, "zhangsan") is not None


@pytest.mark.parametrize("password", ["correct-horse-battery-7", "xk4T-9wqz", "秋天里的Kf8山"])
def test_what_is_not_guessed_first_is_not_weak(password: str) -> None:
    assert not is_weak(password, username="zhangsan")
    assert password_fault(password, Role.LIAISON, "zhangsan") is None


def test_made_passwords_are_never_weak() -> None:
    assert not any(is_weak(new_password()) for _ in range(50))
