from datetime import timedelta
from typing import Any

from openapi_spec_validator import validate
from portal.board import BroadcastStatus

from schedules.states import AirState
from tests.support.website import Website

SHAPE = {
    "number",
    "state",
    "starts_at",
    "server_time",
    "has_media",
    "cut_off",
    "captions",
    "playlist_url",
    "audio_url",
    "replay_url",
    "replay_audio_url",
}


async def test_the_status_of_a_planned_lecture_has_no_addresses_yet(website: Website) -> None:
    lecture = await website.lecture(starts_at=website.clock.now() + timedelta(hours=1))
    response = await website.page(website.cast.anonymous, f"/api/v1/broadcasts/{lecture.number}/status")
    assert response.headers["cache-control"] == "no-store"
    status = response.json()
    assert set(status) == SHAPE
    assert status["state"] == "scheduled"
    assert status["starts_at"] == "2026-11-24T08:00:00+00:00"
    assert status["server_time"] == "2026-11-24T07:00:00+00:00"
    assert not status["has_media"]
    assert status["playlist_url"] is None
    assert status["replay_url"] is None


async def test_the_status_of_a_live_lecture_says_where_to_play_it(website: Website) -> None:
    lecture = await website.lecture()
    await website.move(lecture, AirState.LIVE)
    status = (
        await website.page(website.cast.anonymous, f"/api/v1/broadcasts/{lecture.number}/status")
    ).json()
    assert status["state"] == "live"
    assert status["playlist_url"] == f"/live/{lecture.number}/index.m3u8"
    assert status["audio_url"] == f"/live/{lecture.number}/audio.m3u8"
    assert status["replay_url"] == f"/replay/{lecture.number}/index.m3u8"


def test_a_lecture_without_sound_offers_none_to_listen_to(website: Website) -> None:
    status = BroadcastStatus("2026-11-1", AirState.LIVE, None, has_media=True, has_audio=False)
    body = status.as_json(website.clock.now())
    assert body["playlist_url"] is not None
    assert body["audio_url"] is None
    assert body["replay_audio_url"] is None


async def test_an_unknown_lecture_has_no_status(website: Website) -> None:
    response = await website.page(website.cast.anonymous, "/api/v1/broadcasts/2026-11-77/status")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


async def test_the_description_is_valid_and_names_every_answer(website: Website) -> None:
    description = (await website.page(website.cast.anonymous, "/api/openapi.json")).json()
    validate(description)
    assert set(description["components"]["schemas"]["Status"]["required"]) == SHAPE
    for path in description["paths"]:
        assert path.startswith("/api/v1/")


async def test_what_is_described_is_what_is_answered(website: Website) -> None:
    """The least that anybody without a token gets: 405 where nothing is described, 401 where a token is asked."""
    lecture = await website.lecture()
    await website.move(lecture, AirState.LIVE)
    browser = await website.browser(website.cast.anonymous)
    description = (await browser.get("/api/openapi.json")).json()
    for path, operations in description["paths"].items():
        address = path.replace("{number}", lecture.number)
        for method in ("get", "post", "patch", "put", "delete"):
            status = (await browser.request(method.upper(), address, json={})).status_code
            assert status == least_answer(operations.get(method)), (method, path)


def least_answer(operation: dict[str, Any] | None) -> int:
    if operation is None:
        return 405
    if operation.get("security") == [{"token": []}]:
        return 401
    return 200 if "requestBody" not in operation else 422


async def test_health_tells_whether_the_database_answers(website: Website) -> None:
    response = await website.page(website.cast.anonymous, "/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "checks": {"database": True}}


async def test_metrics_are_in_the_format_of_prometheus(website: Website) -> None:
    response = await website.page(website.cast.anonymous, "/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    assert "# TYPE python_info gauge" in response.text
