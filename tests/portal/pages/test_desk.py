import re
from datetime import timedelta

from portal.board import AirDetails, Signal
from portal.desk_list import PAGE_SIZE

from schedules.models import Broadcast
from schedules.states import AirState, PlanState
from streaming.keys import verify
from streaming.models import Publication
from tests.support.cast import UNIT_A
from tests.support.website import SECRETS, Website
from vod.models import ReceiptSummary

GAP = {"kind": "gap", "detail": "segments 1 to 1, from 2.0 s on", "rendition": None, "seconds": 2.0}
BUREAU = ("administrator", "duty")
FORM = {"title": "未成年人防溺水", "unit": UNIT_A, "planned_minutes": "15"}


async def paths(website: Website) -> list[str]:
    number = (await website.lecture()).number
    base = f"/desk/broadcasts/{number}"
    return ["/desk/broadcasts", "/desk/broadcasts/new", base, f"{base}/panel", f"{base}/end", f"{base}/key"]


async def test_only_the_bureau_comes_to_the_desk(website: Website) -> None:
    for path in await paths(website):
        for person in website.cast:
            response = await website.page(person, path)
            expected = 303 if person.user is None else 200 if person.name in BUREAU else 403
            assert response.status_code == expected, (path, person.name)


async def test_only_the_bureau_changes_anything(website: Website) -> None:
    lecture = await website.lecture()
    base = f"/desk/broadcasts/{lecture.number}"
    for person in website.cast:
        if person.name in BUREAU:
            continue
        for path in ("/desk/broadcasts", f"{base}/end", f"{base}/key"):
            response = await website.submit(person, path, FORM)
            assert response.status_code == (303 if person.user is None else 403), (path, person.name)
            assert response.headers.get("location", "/login").startswith("/login")
    after = await Broadcast.get(id=lecture.id)
    assert (after.key_version, after.end_requested_at) == (1, None)
    assert await Broadcast.all().count() == 1


async def test_an_empty_desk_says_what_to_do(website: Website) -> None:
    text = (await website.page(website.cast.administrator, "/desk/broadcasts")).text
    assert "还没有讲座" in text
    assert text.count("/desk/broadcasts/new") >= 2


async def test_the_lecture_on_the_air_is_the_first_thing_shown(website: Website) -> None:
    await website.lecture("以后的", starts_at=website.clock.now() + timedelta(days=1))
    live = await website.lecture("正在播的")
    await website.move(live, AirState.LIVE)
    text = (await website.page(website.cast.administrator, "/desk/broadcasts")).text
    first = text[text.index("next-thing") : text.index('class="tabs"')]
    assert "正在播的" in first
    assert "直播中" in first


async def test_the_list_is_filtered_by_the_address(website: Website) -> None:
    await website.lecture("待播的", starts_at=website.clock.now() + timedelta(days=1))
    over = await website.lecture("播完的")
    await website.move(over, AirState.LIVE, AirState.ENDED)
    page = await website.page(website.cast.administrator, "/desk/broadcasts?state=over")
    table = page.text[page.text.index("<tbody>") :]
    assert "播完的" in table
    assert "待播的" not in table


async def test_a_long_list_is_read_page_by_page_and_loses_no_lecture(website: Website) -> None:
    made = [(await website.lecture(f"第 {order} 讲")).number for order in range(PAGE_SIZE + 2)]
    shown: list[str] = []
    for page in ("", "?page=2"):
        answer = await website.page(website.cast.administrator, f"/desk/broadcasts{page}")
        shown += re.findall(r'<td data-label="编号"[^>]*>([\d-]+)<', answer.text)
    assert len(shown) == len(made)
    assert set(shown) == set(made)
    last = await website.page(website.cast.administrator, "/desk/broadcasts?state=waiting&page=99")
    assert "第 2 页，共 2 页" in last.text  # beyond the end is the end
    assert "/desk/broadcasts?page=1&amp;state=waiting" in last.text


async def test_drafts_and_lectures_under_way_have_their_own_pages_and_are_not_listed(
    website: Website,
) -> None:
    lecture = await website.lecture("还没排定的")
    await Broadcast.filter(id=lecture.id).update(plan_state=PlanState.AWAITING)
    text = (await website.page(website.cast.administrator, "/desk/broadcasts")).text
    assert lecture.number not in text


async def test_one_that_is_called_off_is_listed_as_such_and_no_longer_waited_for(website: Website) -> None:
    lecture = await website.lecture("取消的", starts_at=website.clock.now() + timedelta(days=1))
    await Broadcast.filter(id=lecture.id).update(plan_state=PlanState.CANCELLED)
    text = (await website.page(website.cast.administrator, "/desk/broadcasts")).text
    assert "已取消" in text[text.index("<tbody>") :]
    assert "next-thing" not in text
    waiting = (await website.page(website.cast.administrator, "/desk/broadcasts?state=waiting")).text
    assert "取消的" not in waiting


async def test_a_new_lecture_gets_its_number_and_its_page(website: Website) -> None:
    fields = FORM | {"date": "2026-12-03", "time": "15:00", "lecturer_name": "示例讲师B"}
    response = await website.submit(website.cast.administrator, "/desk/broadcasts", fields)
    assert response.status_code == 303
    assert response.headers["location"] == "/desk/broadcasts/2026-12-1"
    broadcast = await Broadcast.get(number="2026-12-1")
    assert broadcast.starts_at is not None
    assert broadcast.starts_at.isoformat() == "2026-12-03T07:00:00+00:00"
    text = (await website.page(website.cast.administrator, "/desk/broadcasts/2026-12-1")).text
    assert "已新建《未成年人防溺水》，编号 2026-12-1。" in text
    again = (await website.page(website.cast.administrator, "/desk/broadcasts/2026-12-1")).text
    assert "已新建" not in again  # said once


async def test_a_lecture_without_date_and_time_may_begin_whenever_its_encoder_connects(
    website: Website,
) -> None:
    await website.submit(website.cast.administrator, "/desk/broadcasts", FORM)
    assert (await Broadcast.get(title=FORM["title"])).starts_at is None


async def test_once_it_has_begun_it_says_when_and_no_longer_that_it_may_begin(website: Website) -> None:
    lecture = await website.lecture()
    page = f"/desk/broadcasts/{lecture.number}"
    assert "随时可开播" in (await website.page(website.cast.administrator, page)).text
    await website.move(lecture, AirState.LIVE, AirState.ENDED)
    told = (await website.page(website.cast.administrator, page)).text
    assert "随时可开播" not in told
    assert "2026年11月24日 15:00</time> 开讲" in told


async def test_faults_of_a_new_lecture_are_said_at_their_fields_and_keep_what_was_typed(
    website: Website,
) -> None:
    cases = {
        "title": FORM | {"title": " "},
        "unit": FORM | {"unit": "999999"},
        "planned_minutes": FORM | {"planned_minutes": "0"},
        "time": FORM | {"date": "2026-12-03"},
        "date": FORM | {"date": "2020-01-01", "time": "15:00"},
    }
    for name, fields in cases.items():
        response = await website.submit(website.cast.administrator, "/desk/broadcasts", fields)
        assert response.status_code == 422, name
        assert re.findall(r'id="error-(\w+)"', response.text) == [name]
        assert 'aria-invalid="true"' in response.text
        if name != "title":
            assert 'value="未成年人防溺水"' in response.text
    assert await Broadcast.all().count() == 0


async def test_server_and_key_are_shown_and_the_key_is_the_lectures_own(website: Website) -> None:
    lecture = await website.lecture()
    text = (await website.page(website.cast.administrator, f"/desk/broadcasts/{lecture.number}")).text
    assert f'value="{website.settings.public_rtmp_url}"' in text
    found = re.search(r'id="key"[^>]*type="password"[^>]*value="([^"]+)"', text)
    assert found is not None
    assert verify(found[1], SECRETS.accepted, lecture.id, lecture.number, 1)


async def test_a_replaced_key_is_another_one_and_the_old_one_is_void(website: Website) -> None:
    lecture = await website.lecture()
    base = f"/desk/broadcasts/{lecture.number}"
    question = (await website.page(website.cast.administrator, f"{base}/key")).text
    assert f"更换《{lecture.title}》的推流码？" in question
    await website.submit(website.cast.administrator, f"{base}/key")
    after = await Broadcast.get(id=lecture.id)
    assert after.key_version == 2
    text = (await website.page(website.cast.administrator, base)).text
    found = re.search(r'id="key"[^>]*value="([^"]+)"', text)
    assert found is not None
    assert not verify(found[1], SECRETS.accepted, lecture.id, lecture.number, 1)
    assert verify(found[1], SECRETS.accepted, lecture.id, lecture.number, 2)


async def test_ending_asks_first_and_names_the_lecture(website: Website) -> None:
    lecture = await website.lecture("欠薪怎么办")
    await website.move(lecture, AirState.LIVE)
    base = f"/desk/broadcasts/{lecture.number}"
    question = (await website.page(website.cast.administrator, f"{base}/end")).text
    assert "结束《欠薪怎么办》？" in question
    assert "回看马上可以播放" in question
    assert (await Broadcast.get(id=lecture.id)).end_requested_at is None
    response = await website.submit(website.cast.administrator, f"{base}/end")
    assert response.status_code == 303
    assert (await Broadcast.get(id=lecture.id)).air_state is AirState.ENDED
    page = (await website.page(website.cast.administrator, base)).text
    assert "《欠薪怎么办》已结束" in page
    assert 'id="key"' not in page


async def test_a_lecture_that_has_ended_cannot_be_ended_again(website: Website) -> None:
    lecture = await website.lecture()
    await website.move(lecture, AirState.ENDED)
    for act in ("end", "key"):
        path = f"/desk/broadcasts/{lecture.number}/{act}"
        assert (await website.page(website.cast.administrator, path)).status_code == 409
        assert (await website.submit(website.cast.administrator, path)).status_code == 409


async def test_what_is_still_being_planned_is_neither_ended_nor_given_another_key(website: Website) -> None:
    lecture = await website.lecture()
    for state in (state for state in PlanState if state is not PlanState.SCHEDULED):
        await Broadcast.filter(id=lecture.id).update(plan_state=state)
        for act in ("end", "key"):
            path = f"/desk/broadcasts/{lecture.number}/{act}"
            assert (await website.page(website.cast.duty, path)).status_code == 409, state
            assert (await website.submit(website.cast.duty, path)).status_code == 409, state
    after = await Broadcast.get(id=lecture.id)
    assert (after.end_requested_at, after.air_state) == (None, AirState.SCHEDULED)
    assert after.key_version == lecture.key_version


async def test_the_panel_tells_what_arrives_and_what_is_wrong_with_it(website: Website) -> None:
    lecture = await website.lecture()
    await website.move(lecture, AirState.LIVE)
    began = website.clock.now()
    await Publication.create(
        broadcast_id=lecture.id, ordinal=1, peer="10.0.0.7:5000", encoder="obs-output", started_at=began
    )
    website.board.known[lecture.number] = AirDetails(
        signal=Signal(
            peer="10.0.0.7:5000",
            encoder="obs-output",
            since=began,
            received_seconds=83.4,
            bitrate_kbps=1998.2,
            video_codec="h264",
            width=1280,
            height=720,
            frame_rate=30.0,
            audio_codec="mp4a.40.2",
            audio_rate=48000,
            keyframe_seconds=8.3,
        ),
        rungs=("source", "480p"),
    )
    text = (await website.page(website.cast.administrator, f"/desk/broadcasts/{lecture.number}/panel")).text
    assert "<html" not in text
    for words in ("01:23", "1280×720", "1998", "原画、480p", "关键帧间隔是 8.3 秒", "10.0.0.7:5000"):
        assert words in text
    assert "信号良好" not in text


async def test_the_panel_tells_when_encoders_will_be_let_in(website: Website) -> None:
    lecture = await website.lecture(starts_at=website.clock.now() + timedelta(hours=2))
    text = (await website.page(website.cast.administrator, f"/desk/broadcasts/{lecture.number}/panel")).text
    assert "2026年11月24日 16:30 起，推流软件可以连接" in text


async def test_what_was_received_and_what_was_lost_stays_in_the_records(website: Website) -> None:
    lecture = await website.lecture()
    await website.move(lecture, AirState.LIVE)
    began = website.clock.now()
    website.clock.advance(minutes=5)
    await website.move(lecture, AirState.INTERRUPTED)
    await Publication.create(
        broadcast_id=lecture.id,
        ordinal=1,
        peer="10.0.0.7:5000",
        started_at=began,
        ended_at=website.clock.now(),
        end_reason="the encoder hung up",
        received_seconds=280.0,
    )
    text = (await website.page(website.cast.administrator, f"/desk/broadcasts/{lecture.number}/panel")).text
    assert "4分40秒（少 20秒）" in text
    assert "推流软件关闭了连接" in text
    assert "15:05 起中断" in text


async def test_what_the_check_of_a_recording_found_is_on_the_desk(website: Website) -> None:
    whole, damaged = await website.lecture("完整的一讲"), await website.lecture("缺了一段的一讲")
    for lecture, problems in ((whole, []), (damaged, [GAP])):
        await website.move(lecture, AirState.LIVE, AirState.ENDED)
        await ReceiptSummary.create(
            broadcast_id=lecture.id,
            written_at=website.clock.now(),
            expected_seconds=10,
            received_seconds=10,
            problems=problems,
        )
    page = await website.page(website.cast.administrator, f"/desk/broadcasts/{whole.number}")
    assert "录像已核对，完整无缺。" in page.text
    page = await website.page(website.cast.administrator, f"/desk/broadcasts/{damaged.number}/panel")
    assert "回看中间缺 2.0 秒。" in page.text
    page = await website.page(website.cast.administrator, "/desk/broadcasts")
    assert page.text.count("录像有问题") == 1
