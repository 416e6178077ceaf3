"""The local Slack as an HTTP server on loopback. `start` lists every route."""

import asyncio

from aiohttp import web

from local_slack import page
from local_slack.actions import WorkspaceActions
from local_slack.control.routes import control_routes
from local_slack.faults import RESPONSE_URL, Fault
from local_slack.files import LARGEST
from local_slack.listening import hide_versions, listen, refuse_other_hosts


class LocalSlack(WorkspaceActions):
    """The workspace and its HTTP server, on loopback."""

    _runner: web.AppRunner | None = None
    _server: asyncio.Server | None = None

    async def start(self, port: int = 0) -> None:
        """Listen on that port, or on a free one. Raises OSError if the port is taken."""
        app = web.Application(client_max_size=LARGEST, middlewares=[refuse_other_hosts])
        app.on_response_prepare.append(hide_versions)
        app.add_routes(
            [
                web.route("*", "/api/{method}", self.api.serve),
                web.post("/response/{name}", self._serve_response_url),
                web.post("/upload/{ticket}", self.api.upload),
                web.get("/files/{file}/download", self.api.download),
                web.get("/socket", self.sockets.serve),
                *page.routes(),
                *control_routes(self),
            ]
        )
        await self.delivery.start()
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        try:
            self._server = await listen(self._runner, port)
        except OSError:
            await self.stop()
            raise
        self.url = self.workspace.files.address = (
            f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        )

    async def stop(self) -> None:
        await self.sockets.close()
        await self.delivery.stop()
        if self._server:
            self._server.close()
        if self._runner:
            await self._runner.cleanup()

    async def _serve_response_url(self, request: web.Request) -> web.StreamResponse:
        """Take the app's request to a response_url, with the faults that are switched on."""
        fault = self.faults.draw(RESPONSE_URL)
        await self.response_urls_open.wait()
        try:
            sent: object = await request.json()
        except (ValueError, RecursionError):
            sent = None
        if fault in {Fault.NONE, Fault.ACCEPTED_THEN_500, Fault.ACCEPTED_THEN_CUT}:
            name, unknown = request.match_info["name"], self.faults.unknown_blocks
            status, body = self.response_urls.use(name, sent, unknown)
        else:
            status, body = 500, {"ok": False, "error": fault.value}
        self.api.record(RESPONSE_URL, sent if isinstance(sent, dict) else {}, str(body.get("error", "ok")))
        if fault is Fault.RATE_LIMITED:
            return web.json_response(body, status=429, headers={"Retry-After": str(self.faults.retry_after)})
        if fault is Fault.ACCEPTED_THEN_CUT and request.transport:
            request.transport.abort()
        return web.json_response(body, status=500 if fault is Fault.ACCEPTED_THEN_500 else status)
