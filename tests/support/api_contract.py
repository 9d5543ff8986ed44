"""Every answer of the JSON interface is held to the description that the site itself gives out."""

import json
import re
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import httpx2
from jsonschema import Draft202012Validator, FormatChecker

PROBLEM = "application/problem+json"
FORMATS = FormatChecker(formats=[])


@FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).utcoffset() is not None


@FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme and urlsplit(value).netloc)


@cache
def description() -> dict[str, Any]:
    text = files("portal").joinpath("openapi.json").read_bytes()
    found: dict[str, Any] = json.loads(text)
    return found


async def check_api_answer(response: httpx2.Response) -> None:
    """For httpx2's event_hooks: fails the test whose answer is not as described."""
    await response.aread()
    method, path = response.request.method, response.request.url.path
    place = path.find("/api/v1/")
    if place >= 0:
        check_answer(method, path[place:], response.status_code, response.headers, response.content)


def check_answer(method: str, path: str, status: int, headers: Any, content: bytes) -> None:
    """Raises AssertionError with the place in the body that is not as described."""
    said = f"{method} {path} -> {status}"
    operation = _operation(method, path)
    if operation is None:
        assert status in (404, 405), f"{said}: the description knows nothing of it"
        described = {"$ref": "#/components/responses/Unexpected"}
    else:
        described = operation["responses"].get(str(status)) or operation["responses"]["default"]
        assert str(status) in operation["responses"] or status >= 400, f"{said}: a success not described"
    contents = _resolved(described).get("content")
    if contents is None:
        assert content == b"", f"{said}: nothing should be in it"
        return
    kind = headers["content-type"].partition(";")[0]
    assert kind in contents, f"{said}: {kind} instead of {list(contents)}"
    assert (kind == PROBLEM) == (status >= 400), said
    if method == "HEAD":
        return
    body = json.loads(content)
    faults = [f"{fault.json_path}: {fault.message}" for fault in _faults(contents[kind]["schema"], body)]
    assert faults == [], f"{said}: {faults}"
    if kind == PROBLEM:
        assert body["status"] == status, said


def _operation(method: str, path: str) -> dict[str, Any] | None:
    for template, item in description()["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path):
            wanted: dict[str, Any] | None = item.get("get" if method == "HEAD" else method.lower())
            return wanted
    return None


def _resolved(part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        found: Any = description()
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


def _faults(schema: dict[str, Any], body: object) -> list[Any]:
    whole = {**schema, "components": description()["components"]}
    return list(Draft202012Validator(whole, format_checker=FORMATS).iter_errors(body))
