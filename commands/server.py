"""The command that opens the app."""

from commands import options
from commands.line import app
from commands.terminal import say


@app.command("app")
def app_(
    port: options.Port = 8765,
) -> None:
    """Open the app in the browser.

    It runs on this machine only and needs no network.
    """
    from app.launch import serve

    serve(port, lambda address: say(f"Winset is at {address} (Ctrl-C ends it)."))
