import pytest

from core.web.guards import safe_return


@pytest.mark.parametrize("target", ["/", "/desk/broadcasts?state=over", "/l/2026-11-2#x"])
def test_our_own_paths_are_kept(target: str) -> None:
    assert safe_return(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "desk",
        "javascript:alert(1)",
        "/a\nSet-Cookie: x",
        "/\t/evil.example",
    ],
)
def test_everything_else_leads_home(target: str | None) -> None:
    assert safe_return(target) == "/"
