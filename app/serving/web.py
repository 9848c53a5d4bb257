"""Run the web server of the app: the routes of Solara that pages need, behind the access rules.

`python -m app.serving.web PORT` is what `app.launch` starts.
"""

import re
import sys
import warnings

import uvicorn
from solara.server import kernel_context, settings
from solara.server import server as solara_server
from solara.server.cdn_helper import cdn_url_path
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Scope

from app.serving.access import Access, Guard, access_of
from app.serving.connections import Connection
from app.serving.sessions import Sessions

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it imports websockets.legacy
    from solara.server import starlette as solara_starlette

HOST = "127.0.0.1"  # not reachable from other machines
EXTENSION = re.compile(r"jupyter-(vue|vuetify)/[\w-]+\.js")  # code of widgets, for the browser
CLOSED = {"resourcez", "metrics", "jupyter", "static", "_solara"}  # no pages
LARGEST_MESSAGE = 17_000_000  # bytes from a page: an upload of 8 MB, in base64
SLOW_PING = 20.0  # seconds between pings, and until a WebSocket that does not answer is closed


class Extensions(solara_starlette.StaticNbFiles):
    """The two notebook extensions that pages need, and no other file beside them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file of an extension."""
        if not EXTENSION.fullmatch(path):
            raise HTTPException(404)
        answer: Response = await super().get_response(path, scope)
        return answer


def close(request: Request) -> Response:
    """End the session of a page that was closed, if the request has its cookie."""
    name = request.path_params["kernel_id"]
    context = kernel_context.contexts.get(name)
    page = request.query_params.get("session_id", "")
    if context is None or not page:
        return Response(status_code=404)
    if solara_server.get_session_id_cookie(request.cookies) != context.session_id:
        return Response(status_code=403)
    context.page_close(page)
    return Response(status_code=200)


async def page(request: Request) -> Response:
    """Answer with the page that every address of the app shares."""
    if request.path_params.get("name", "") in CLOSED:
        raise HTTPException(404)
    answer: Response = await solara_starlette.root(request)
    return answer


def application(access: Access) -> ASGIApp:
    """Return the app with its access rules. All other endpoints of Solara are left out."""
    routes = [
        Route("/readyz", solara_starlette.readyz),
        WebSocketRoute(
            "/jupyter/api/kernels/{kernel_id}/{name}", solara_starlette.kernel_connection
        ),
        Route("/_solara/api/close/{kernel_id}", close, methods=["POST"]),
        Mount(
            f"/{cdn_url_path}",
            solara_starlette.StaticCdn(directory=settings.assets.proxy_cache_dir, check_dir=False),
        ),
        Mount("/jupyter/nbextensions", Extensions()),
        Mount("/static/assets", solara_starlette.StaticAssets()),
        Mount(
            "/static",
            solara_starlette.StaticFilesOptionalAuth(directory=solara_server.solara_static),
        ),
        Route("/", page),
        Route("/{name}", page),
    ]
    sessions = Sessions(access)
    middleware = [
        Middleware(Guard, access=access, admit=sessions.admit),
        Middleware(TrustedHostMiddleware, allowed_hosts=access.hosts, www_redirect=False),
        *solara_starlette.middleware,
    ]
    return Starlette(routes=routes, lifespan=solara_starlette.lifespan, middleware=middleware)


def run(port: int) -> None:
    """Serve the app until SIGTERM."""
    access = access_of()
    settings.main.mode = "production"
    settings.main.root_path = access.prefix
    config = uvicorn.Config(
        application(access),
        host=HOST,
        port=port,
        loop="asyncio",
        http=Connection,
        ws_max_size=LARGEST_MESSAGE,
        ws_ping_interval=SLOW_PING,
        ws_ping_timeout=SLOW_PING,
        timeout_keep_alive=5,
        limit_concurrency=2000,
        proxy_headers=bool(access.proxies),
        forwarded_allow_ips=list(access.proxies),
        server_header=False,
        access_log=False,
        log_level="warning",
    )
    uvicorn.Server(config).run()


if __name__ == "__main__":
    run(int(sys.argv[1]))
