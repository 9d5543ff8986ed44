"""The web site as one ASGI application: routes of all pages and the JSON interface, with the kit around them."""

from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp

from accounts.links import find_grant
from accounts.pages import links, people, tokens, unit_imports, units
from audience import api as audience_api
from audience import statistics_api
from audience.api import AudienceDoor
from audience.pages import (
    definition,
    earlier_years,
    group_viewing,
    group_workbook,
    lecture_figures,
    now,
    unit_figures,
    year_figures,
)
from core.database import ping
from core.jobs import JobContext
from core.sealing import Sealer
from core.secrets import AppSecrets
from core.settings import Settings
from core.web.assets import Assets
from core.web.body import BodyLimit
from core.web.csrf import CsrfGuard
from core.web.desk_nav import DeskNav, places_in
from core.web.errors import handlers, refuse_foreign
from core.web.flash import FlashCodec
from core.web.headers import SecurityHeaders
from core.web.icons import Icons
from core.web.kit import WebKit
from core.web.operations import health_route, metrics_route
from core.web.origin import AuditOrigin
from core.web.prefix import StripPrefix
from core.web.request_id import RequestId
from core.web.templates import make_templates, template_folders
from portal import api
from portal.board import LiveBoard
from portal.drum import drum_paths
from portal.identity import session_reader
from portal.pages import (
    account,
    audit,
    desk,
    elder,
    entry,
    home,
    pack,
    replays,
    second_factor,
    wall,
    watch,
)
from portal.qr import qr_svg
from portal.services import Portal
from portal.site_identity import site_identity
from schedules import api as schedules_api
from schedules.pages import (
    approver,
    bureau_desk,
    calendar,
    cut_off,
    decisions,
    duty,
    hand_in,
    id_number,
    lecturer,
    material_files,
    plan_table,
    prompt_feedback,
    prompts,
    reminders,
    review,
    rota_rules,
    swap_answers,
    unit_desk,
    unit_lecture,
    unit_requests,
    unit_review_ways,
    working_calendar,
    year,
    year_generate,
    year_move,
)
from transcripts import api as transcripts_api
from transcripts.pages import (
    editor,
    editor_chapters,
    editor_elsewhere,
    editor_export,
    editor_guide,
    editor_hints,
    editor_publish,
    editor_questions,
    editor_versions,
    glossary,
    laws,
    lecturer_terms,
    live_captions,
    recognition,
    search,
    subtitles,
    subtitles_bring,
    transcript,
)

PAGES = (
    home,
    watch,
    transcript,
    search,
    replays,
    calendar,
    entry,
    links,
    bureau_desk,
    unit_desk,
    swap_answers,
    unit_lecture,
    hand_in,
    unit_review_ways,
    unit_requests,
    approver,
    lecturer,
    material_files,
    review,
    id_number,
    decisions,
    year,
    year_generate,
    year_move,
    rota_rules,
    working_calendar,
    plan_table,
    duty,
    year_figures,
    lecture_figures,
    unit_figures,
    group_workbook,
    group_viewing,
    desk,
    live_captions,
    recognition,
    subtitles,
    subtitles_bring,
    editor_guide,
    editor,
    editor_hints,
    editor_chapters,
    editor_export,
    editor_versions,
    editor_publish,
    editor_elsewhere,
    editor_questions,
    lecturer_terms,
    glossary,
    pack,
    cut_off,
    wall,
    reminders,
    prompts,
    prompt_feedback,
    laws,
    now,
    definition,
    earlier_years,
    units,
    unit_imports,
    people,
    audit,
    tokens,
    account,
    second_factor,
    elder,
)
"""Every module of pages: its `routes`, and its `desk_places` in the desk's navigation in this order."""


def create_app(
    settings: Settings, secrets: AppSecrets, context: JobContext, board: LiveBoard, *, pages: bool = True
) -> ASGIApp:
    """The site, to stand behind the media's own callable. Reads templates and static files: call it at start.

    pages: False leaves /healthz, /metrics and the JSON interface. The database is opened by the caller.
    """
    kit = make_kit(settings, secrets, context)
    routes: list[BaseRoute] = [
        health_route({"database": ping}),
        metrics_route(),
        *api.routes,
        *schedules_api.routes,
        *audience_api.routes,
        *statistics_api.routes,
        *now.api_routes,
        *transcripts_api.routes,
    ]
    areas = PAGES if pages else ()
    for area in areas:
        routes += area.routes
    # The error pages of every process need the styles.
    routes.append(Mount("/static", app=kit.assets))
    app = Starlette(
        routes=routes,
        exception_handlers=handlers(),
        middleware=[
            Middleware(CsrfGuard, own_host=urlsplit(settings.public_url).netloc, refuse=refuse_foreign),
            Middleware(
                BodyLimit,
                most_bytes=settings.http_body_kib * 1024,
                seconds=settings.http_body_seconds,
            ),
        ],
    )
    app.state.kit = kit
    app.state.sealer = Sealer(secrets)
    app.state.desk = DeskNav(places_in(areas))
    app.state.audience = AudienceDoor(secrets.current, settings, context.clock)
    app.state.portal = Portal(secrets, context.events, board)
    guarded = SecurityHeaders(RequestId(AuditOrigin(app)), https=kit.is_https)
    return StripPrefix(guarded, prefix=kit.prefix)


def make_kit(settings: Settings, secrets: AppSecrets, context: JobContext) -> WebKit:
    assets = Assets.read(Path(str(files("portal"))) / "static")
    prefix = urlsplit(settings.public_url).path.rstrip("/")
    templates = make_templates(
        template_folders(),
        static=lambda name: f"{prefix}/static/{assets.path(name)}",
        url=lambda path: prefix + path,
        absolute=lambda path: settings.public_url + path,
        player_modules=tuple(assets.names("player/")),
        icon=Icons(assets),
        qr=qr_svg,
        drum=drum_paths,
        site=site_identity(settings),
        prefix=prefix,
    )
    return WebKit(
        settings=settings,
        clock=context.clock,
        templates=templates,
        assets=assets,
        sessions=session_reader(settings),
        grants=find_grant,
        flashes=FlashCodec(secrets.accepted),
    )
