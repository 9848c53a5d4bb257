"""Starts the app's server on this machine, waits until it answers, and ends it with the program."""

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
HOST = "127.0.0.1"  # nobody else on the network can reach it
PORT = 8765
PATIENCE = 180.0  # seconds in which the server must answer, on a busy machine too
MOST_CORES = 8  # that workers use, unless the environment says how many
GRACE = 5.0  # seconds in which it must end when asked
SETTINGS = {
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_KERNEL_CULL_TIMEOUT": "5m",  # a closed tab's session ends soon
    "SOLARA_KERNEL_MAX_PER_SESSION": "20",
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9",  # all assets are installed: fetch none
    "SOLARA_STATE_AUTO_REMOUNT": "true",  # the address holds the state: after a restart, go on
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_TITLE": "Winset",
    "OPENBLAS_NUM_THREADS": "1",  # workers share the cores
    WORKERS: os.environ.get(WORKERS) or str(min(os.cpu_count() or 1, MOST_CORES)),
    "MALLOC_ARENA_MAX": "2",  # else memory that each short-lived thread used is kept for it
    # Of no concern on loopback; and what workers shared is cleaned up after any end.
    "PYTHONWARNINGS": "ignore:Cookies with samesite=none,ignore:resource_tracker",
}


def serve(port: int = PORT, ready: Callable[[str], None] | None = None) -> None:
    """Run the app until Ctrl-C or until told to end; tell its address once it answers.

    Raises:
        ScenarioError: the port cannot be used, or the server does not start.
    """
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: all end
    try:
        with server(port) as (address, process):
            if ready:
                ready(address)
            try:
                process.wait()
            except KeyboardInterrupt:
                return
            raise _failed(port, f"the server ended by itself (exit code {process.returncode})")
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def server(port: int = PORT) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Give the address of a server that answers, and its process, which is ended at the end."""
    require_free(port)
    command = [sys.executable, "-m", "solara", "run", "app.main", "--host", HOST]
    command += ["--port", str(port), "--no-open", "--production", "--no-check-version"]
    command += ["--theme-variant", "light"]
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
    """Return a port that nobody uses at this moment."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def require_free(port: int) -> None:
    """Hold that a port can be used. Raises ScenarioError."""
    if not 1 <= port <= 65535:
        why = "must be a whole number between 1 and 65535"
        raise _problem(port, why, f"The usual one is {PORT}.")
    with socket.socket() as tried:
        if os.name == "posix":  # a port that was used a minute ago is free
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HOST, port))
        except PermissionError as error:
            raise _problem(port, "this user may not open it", "Give one above 1023.") from error
        except OSError as error:
            why = f"another program uses it ({error.strerror})"
            remedy = f"End that program, or give another port: --port {free_port()}."
            raise _problem(port, why, remedy) from error


def _await(address: str, process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the server answers that it is ready."""
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
    return _problem(port, why, "See what it wrote above; run make run to set all up again.")


def _problem(port: int, why: str, remedy: str) -> ScenarioError:
    return ScenarioError("the command line", [Problem("--port", str(port), why, remedy)])
