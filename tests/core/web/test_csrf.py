import pytest
from starlette.datastructures import Headers

from core.web.csrf import comes_from_elsewhere

OWN = "fz.example.gov.cn"


@pytest.mark.parametrize(
    ("method", "headers", "is_foreign"),
    [
        ("GET", {"sec-fetch-site": "cross-site"}, False),
        ("POST", {"sec-fetch-site": "same-origin"}, False),
        ("POST", {"sec-fetch-site": "none"}, False),
        ("POST", {"sec-fetch-site": "same-site"}, True),
        ("POST", {"sec-fetch-site": "cross-site"}, True),
        ("DELETE", {"sec-fetch-site": "cross-site"}, True),
        # what the browser itself says of the site counts more than Origin
        ("POST", {"sec-fetch-site": "cross-site", "origin": f"https://{OWN}"}, True),
        ("POST", {"origin": f"https://{OWN}"}, False),
        ("POST", {"origin": "https://internal:8000", "host": "internal:8000"}, False),
        ("POST", {"origin": "https://evil.example", "host": OWN}, True),
        ("POST", {"origin": "null", "host": OWN}, True),
        ("POST", {"origin": f"https://{OWN}.evil.example", "host": OWN}, True),
        ("POST", {}, False),  # no browser's page sends neither
    ],
)
def test_only_state_changes_from_other_sites_are_refused(
    method: str, headers: dict[str, str], is_foreign: bool
) -> None:
    assert comes_from_elsewhere(method, Headers(headers), OWN) is is_foreign
