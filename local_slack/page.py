"""The page's files, and the check that only this machine's page uses them and the control interface."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from local_slack.listening import LOCAL_HOSTS

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
FOLDER = Path(__file__).parent / "static"
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
HEADERS = {
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "img-src 'self' data:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
    ),
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def routes() -> list[web.RouteDef]:
    return [web.get("/", _serve_file("index.html"))] + [
        web.get(f"/static/{path.name}", _serve_file(path.name)) for path in sorted(FOLDER.iterdir())
    ]


def guard_origin(handler: Handler) -> Handler:
    """Refuse requests that name another host or come from another origin.

    A website in the same browser must not drive the workspace, not even under a host name of its own that resolves to
    this machine.
    """

    async def guarded(request: web.Request) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if request.url.host not in LOCAL_HOSTS or origin not in (None, f"http://{request.host}"):
            return web.json_response({"error": "only for this machine's own page"}, status=403)
        try:
            return await handler(request)
        except (json.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

    return guarded


def _serve_file(name: str) -> Handler:
    async def serve(_request: web.Request) -> web.StreamResponse:
        path = FOLDER / name
        text = path.read_text("utf-8")
        return web.Response(text=text, content_type=KINDS[path.suffix], headers=HEADERS)

    return guard_origin(serve)
