"""`POST /api/v1/beacons`: what players report (DESIGN §7)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from audience.counting.visits import UnitBy
from audience.intake.counters import BEACONS
from audience.intake.intake import AddressLimit, Busy, Intake
from audience.intake.offer import Offer, Refusal
from audience.intake.reading import NoBeacons, SentBeacon, Unreadable, read_beacons
from audience.intake.robots import is_robot
from audience.models import Exclusion
from audience.statistics_api import TokenLimit
from audience.viewer_cookie import viewer_cookie
from audience.viewers_now import ViewersNow
from core.clock import Clock
from core.settings import Settings
from core.web.identity import Visitor
from core.web.kit import kit_of
from core.web.problems import problem
from core.web.sessions import current_visitor

STAFF = frozenset({Role.ADMINISTRATOR, Role.DUTY, Role.AUDITOR})
RETRY_SECONDS = "15"


class AudienceDoor:
    """What the application keeps for this area, as app.state.audience."""

    def __init__(self, secret: bytes, settings: Settings, clock: Clock) -> None:
        self.intake = Intake(secret, settings)
        self.limit = AddressLimit(settings, clock)
        self.statistics_limit = TokenLimit(settings.statistics_per_minute, clock)
        self.viewers = ViewersNow(clock)


async def beacons(request: Request) -> Response:
    """204: all are in the log. 422: some are not, named by their place in the list; the others are."""
    kit = kit_of(request)
    door: AudienceDoor = request.app.state.audience
    try:
        sent = read_beacons(
            await request.body(),
            most=kit.settings.beacon_list_most,
            most_ranges=kit.settings.beacon_ranges_most,
        )
    except NoBeacons as error:
        BEACONS.labels("unreadable").inc()
        return problem(400, str(error))
    address = request.client.host if request.client else ""
    if not door.limit.allows(address, len(sent)):
        BEACONS.labels("flooding").inc(len(sent))
        return problem(429, "报得太快，请稍后再报。", headers={"retry-after": RETRY_SECONDS})
    visitor = await current_visitor(request)
    offers = [_offer(request, one, visitor) for one in sent if isinstance(one, SentBeacon)]
    try:
        verdicts = iter(await door.intake.take(offers))
    except Busy:
        BEACONS.labels("busy").inc(len(offers))
        return problem(503, "现在记不下来，请稍后再报。", headers={"retry-after": RETRY_SECONDS})
    refusals = {
        place: Refusal(422, "unreadable", one.detail) if isinstance(one, Unreadable) else next(verdicts)
        for place, one in enumerate(sent)
    }
    for refusal in refusals.values():
        BEACONS.labels(refusal.reason if refusal else "accepted").inc()
    refused = [(place, refusal) for place, refusal in refusals.items() if refusal is not None]
    if not refused:
        return Response(status_code=204, headers={"cache-control": "no-store"})
    first = refused[0][1]
    errors = {str(place): refusal.detail for place, refusal in refused}
    return problem(first.status if len(sent) == 1 else 422, first.detail, errors=errors)


def _offer(request: Request, sent: SentBeacon, visitor: Visitor | None) -> Offer:
    unit, by = sent.unit, UnitBy.CHOICE if sent.chosen else UnitBy.LINK
    if visitor is not None and visitor.unit_code:
        unit, by = visitor.unit_code, UnitBy.LOGIN
    excluded = Exclusion.NONE
    if visitor is not None and visitor.role in STAFF:
        excluded = Exclusion.STAFF
    elif is_robot(request.headers.get("user-agent", "")):
        excluded = Exclusion.ROBOT
    return Offer(
        beacon=sent,
        received_at=kit_of(request).clock.now(),
        cookie=viewer_cookie(request),
        unit=unit,
        unit_by=by if unit else UnitBy.NOBODY,
        excluded=excluded,
    )


routes = [Route("/api/v1/beacons", beacons, methods=["POST"])]
