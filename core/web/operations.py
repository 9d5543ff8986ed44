"""For those who run the system: /healthz and /metrics."""

import asyncio
from collections.abc import Awaitable, Callable

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Check = Callable[[], Awaitable[None]]
CHECK_SECONDS = 2.0


def health_route(checks: dict[str, Check]) -> Route:
    """200 when every check returns in time, else 503 naming the ill ones. checks: name → raises when ill."""

    async def health(request: Request) -> Response:
        results = {name: await _is_well(check) for name, check in checks.items()}
        well = all(results.values())
        body = {"status": "ok" if well else "unavailable", "checks": results}
        return JSONResponse(body, status_code=200 if well else 503, headers={"cache-control": "no-store"})

    return Route("/healthz", health)


def metrics_route(registry: CollectorRegistry = REGISTRY) -> Route:
    """Prometheus text format of everything counted in this process."""

    async def metrics(request: Request) -> Response:
        body = await asyncio.to_thread(generate_latest, registry)
        return Response(body, headers={"content-type": CONTENT_TYPE_LATEST, "cache-control": "no-store"})

    return Route("/metrics", metrics)


async def _is_well(check: Check) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await check()
    except Exception:
        return False
    return True
