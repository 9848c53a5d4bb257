"""Start the app's server on this machine, wait until it answers, and stop it on exit."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.serving.workers import WORKERS
from model.schema.problems import Problem, ScenarioError

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"  # not reachable from other machines
PORT = 8765
PATIENCE = 180.0  # seconds until the server must answer, also on a busy machine
MOST_CORES = 8  # for workers, unless the environment variable sets a number
GRACE = 5.0  # seconds between terminate and kill
SETTINGS = {
    "SOLARA_APP": "app.main",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_KERNEL_CULL_TIMEOUT": "2m",  # a page without a connection can come back for so long
    "SOLARA_SESSION_HTTP_ONLY": "true",
    "SOLARA_THEME_VARIANT": "light",
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9",  # all assets are installed, so none is fetched
    "SOLARA_STATE_AUTO_REMOUNT": "true",  # the URL has the state: continue after a restart
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_TITLE": "Winset",
    "OPENBLAS_NUM_THREADS": "1",  # workers share the cores
    WORKERS: os.environ.get(WORKERS) or str(min(os.cpu_count() or 1, MOST_CORES)),
    "MALLOC_ARENA_MAX": "2",  # otherwise each short-lived thread keeps the memory it used
    # Irrelevant on loopback; and shared memory of workers is cleaned up after any exit.
    "PYTHONWARNINGS": "ignore:Cookies with samesite=none,ignore:resource_tracker",
}


def serve(port: int = PORT, ready: Callable[[str], None] | None = None) -> None:
    """Run the app until Ctrl-C or SIGTERM. Calls `ready` with the address once the server answers.

    Raises:
        ScenarioError: The port cannot be used, or the server does not start.
    """
    before = signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # as Ctrl-C: stops everything
    try:
        with server(port) as (address, process):
            if ready:
                ready(address)
            try:
                process.wait()
            except KeyboardInterrupt:
                return
            raise _failed(port, f"the server stopped unexpectedly (exit code {process.returncode})")
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def server(port: int = PORT) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start a server, yield its address and process once it answers, and stop it at the end."""
    require_free(port)
    command = [sys.executable, "-m", "app.serving.web", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | SETTINGS, stdout=subprocess.DEVNULL
    )
    try:
        address = f"http://{HOST}:{port}"
        _await(address, process, port)
        yield address, process
    finally:
        _end(process)


def free_port() -> int:
    """Return a port that is free at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def require_free(port: int) -> None:
    """Check that a port can be used. Raises ScenarioError if it cannot."""
    if not 1 <= port <= 65535:
        why = "must be a whole number between 1 and 65535"
        raise _problem(port, why, f"The usual one is {PORT}.")
    with socket.socket() as probe:
        if os.name == "posix":  # a recently used port counts as free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as error:
            raise _problem(
                port, "this user has no permission to open it", "Use one above 1023."
            ) from error
        except OSError as error:
            why = f"another program uses it ({error.strerror})"
            remedy = f"Stop that program, or use another port: --port {free_port()}."
            raise _problem(port, why, remedy) from error


def _await(address: str, process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the server reports that it is ready."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise _failed(port, f"the server did not start (exit code {process.returncode})")
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise _failed(port, f"the server did not answer within {PATIENCE:.0f} seconds")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _failed(port: int, why: str) -> ScenarioError:
    return _problem(port, why, "See its output above. `make run` sets everything up again.")


def _problem(port: int, why: str, remedy: str) -> ScenarioError:
    return ScenarioError("the command line", [Problem("--port", str(port), why, remedy)])
