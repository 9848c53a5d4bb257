"""Tests of starting the server: unusable ports are reported before anything starts."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable

import pytest

from app import launch
from model.schema.problems import ScenarioError

ANSWERS = """
import http.server, signal, sys
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass
server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Ready)
"""
ENDS = ANSWERS + "server.handle_request(); sys.exit(3)"
STAYS = ANSWERS + "server.serve_forever()"
STUBBORN = ANSWERS + "signal.signal(signal.SIGTERM, signal.SIG_IGN); server.serve_forever()"


def test_a_busy_port_is_reported() -> None:
    with socket.socket() as other:
        other.bind((launch.HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ScenarioError) as refused:
            launch.serve(port)
    message = str(refused.value)
    assert message.startswith("the command line has 1 problem:")
    assert f"--port = {port}: another program uses it" in message
    assert "another port: --port" in message


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_an_invalid_port_is_reported(port: int) -> None:
    with pytest.raises(ScenarioError, match="between 1 and 65535"):
        launch.require_free(port)


def test_a_port_without_permission_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing(socket.socket):
        def bind(self, address: object, /) -> None:
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket, "socket", Refusing)
    with pytest.raises(ScenarioError, match="this user has no permission to open it"):
        launch.require_free(80)


def test_free_port_can_be_used() -> None:
    port = launch.free_port()
    launch.require_free(port)
    with socket.create_server(("127.0.0.1", port)) as server:
        assert server.getsockname()[1] == port


def test_a_server_that_does_not_start_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "false")
    with pytest.raises(ScenarioError, match="did not start"):
        launch.serve(launch.free_port())


def test_a_server_that_does_not_answer_is_reported_and_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def sleeping(*_: object, **__: object) -> subprocess.Popen[bytes]:
        started.append(real(["sleep", "60"]))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", sleeping)
    monkeypatch.setattr(launch, "PATIENCE", 0.2)
    with pytest.raises(ScenarioError, match="did not answer"):
        launch.serve(launch.free_port())
    assert started[0].returncode is not None


class Program(subprocess.Popen[bytes]):
    """A program instead of the server, which receives Ctrl-C."""

    pressed = False

    def wait(self, timeout: float | None = None) -> int:
        if timeout is None and not self.pressed:
            self.pressed = True
            raise KeyboardInterrupt
        return super().wait(timeout)


class Ended(Program):
    """A program instead of the server, while run.py receives SIGTERM."""

    def wait(self, timeout: float | None = None) -> int:
        if timeout is None and not self.pressed:
            self.pressed = True
            signal.raise_signal(signal.SIGTERM)
        return super().wait(timeout)


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, list[Program]]]:
    """Return a function that runs a program as the server, and returns port and processes."""

    def put(code: str, kind: type = Program) -> tuple[int, list[Program]]:
        port, started = launch.free_port(), list[Program]()

        def begin(*_: object, **__: object) -> Program:
            started.append(kind([sys.executable, "-c", code, str(port)]))
            return started[-1]

        monkeypatch.setattr(subprocess, "Popen", begin)
        return port, started

    return put


def test_a_server_that_stops_unexpectedly_is_reported(
    instead: Callable[..., tuple[int, list[Program]]],
) -> None:
    port, _ = instead(ENDS, subprocess.Popen)
    ready: list[str] = []
    with pytest.raises(ScenarioError, match=r"stopped unexpectedly \(exit code 3\)"):
        launch.serve(port, ready.append)
    assert ready == [f"http://127.0.0.1:{port}"]


@pytest.mark.parametrize("code", [STAYS, STUBBORN], ids=["ends", "ignores SIGTERM"])
def test_ctrl_c_stops_the_server_even_if_it_ignores_sigterm(
    code: str,
    instead: Callable[..., tuple[int, list[Program]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port, started = instead(code)
    monkeypatch.setattr(launch, "GRACE", 60.0 if code == STAYS else 0.2)
    launch.serve(port)
    assert started[0].returncode == (-15 if code == STAYS else -9)
    launch.require_free(port)


def test_sigterm_stops_the_server(
    instead: Callable[..., tuple[int, list[Program]]],
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    port, started = instead(STAYS, Ended)
    launch.serve(port)
    assert started[0].returncode == -15
    assert signal.getsignal(signal.SIGTERM) == before


def test_the_server_makes_no_connections() -> None:
    assert launch.SETTINGS["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] == "false"
    assert launch.SETTINGS["SOLARA_ASSETS_CDN"].startswith("http://127.0.0.1")
    assert launch.HOST == "127.0.0.1"
