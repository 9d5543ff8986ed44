from accounts.login import log_in, session_user
from core.clock import ManualClock
from core.settings import Settings
from tests.support.cast import PASSWORD, make_cast


async def test_everybody_of_the_cast_but_the_anonymous_has_a_session_and_a_password(
    db: object, db_settings: Settings, clock: ManualClock
) -> None:
    cast = await make_cast(db_settings, clock)
    assert next(iter(cast)).name == "anonymous"
    assert len(list(cast)) == 7
    for person in cast:
        if person.token is None:
            assert person.user is None
            continue
        session = await session_user(person.token, now=clock.now(), settings=db_settings)
        assert session is not None
        assert session.user == person.user
    assert cast.liaison_a.user is not None
    assert cast.liaison_a.user.unit_id == cast.unit_a.code != cast.unit_b.code
    await log_in("liaison-b", PASSWORD, now=clock.now(), client="test", settings=db_settings)
