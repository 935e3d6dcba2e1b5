"""Start the app: `python -m playground [streamlit options]`. Warms up first, so nobody waits for it."""

import importlib
import os
import pkgutil
import socket
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import streamlit as st
import uvicorn
from streamlit import config

from playground.components.loss_chart import loss_chart
from playground.components.numbers import loss_label
from playground.door.app import Door
from playground.door.connections import PacedSocket, PatientHttp
from playground.door.descriptors import fitted, raise_limit
from playground.door.headers import headers
from playground.door.settings import settings as door_settings
from playground.gradients.charts import flow_chart
from playground.race import recorded
from playground.streamlit_internals.serving import configurator_options, load_config_options
from rnncore.training.race import Race

APP = Path(__file__).with_name("app.py")
INSTALLED_SETTINGS = APP.parent / "streamlit_settings" / "config.toml"  # of the root's .streamlit/, in a wheel
SCRIPTS = ("playground.__main__", "playground.app")  # do something when they are imported
PORTS_TO_TRY = 20
PING_SECONDS = 30
PATIENCE_SECONDS = 3  # for open connections when the server is told to stop


@click.command()
@configurator_options
def main(**options: Any) -> None:
    """Serve RNN Playground. Every option is one of Streamlit's, for example --server.port 8600."""
    if INSTALLED_SETTINGS.is_file():
        settings = dict(flags(tomllib.loads(INSTALLED_SETTINGS.read_text(encoding="utf-8"))))
        options = settings | {name: value for name, value in options.items() if value not in (None, ())}
    else:
        os.chdir(APP.parent.parent)  # where .streamlit/ lies
    load_config_options(flag_options=options)
    try:
        limits = fitted(door_settings(), raise_limit())
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    warm()
    address = config.get_option("server.address") or ""
    listener = listen(address, config.get_option("server.port"), exactly=config.is_manually_set("server.port"))
    port = listener.getsockname()[1]
    config.set_option("server.port", port)
    click.echo(f"\n  RNN Playground is at http://{address or 'localhost'}:{port}  (stop it with Ctrl+C)\n")
    serving = uvicorn.Config(
        Door(st.App(APP), limits), http=PatientHttp, ws=PacedSocket, headers=headers(limits), server_header=False,
        log_level="warning", access_log=False, ws_max_size=limits.frame_bytes, ws_per_message_deflate=False,
        ws_ping_interval=PING_SECONDS, ws_ping_timeout=PING_SECONDS, timeout_graceful_shutdown=PATIENCE_SECONDS,
    )  # fmt: skip
    uvicorn.Server(serving).run(sockets=[listener])


def warm() -> None:
    """Do what takes time and 50 MB only once: import every module, load a recorded race, train it, write its charts."""
    for module in pkgutil.walk_packages([str(APP.parent)], "playground."):
        if module.name not in SCRIPTS:
            importlib.import_module(module.name)
    first = recorded.recommended("adding")
    recorded.race(first)
    race = Race.of(first.configs)
    race.start()
    race.advance_one()
    for dark in (False, True):  # Altair reads the whole grammar of charts first
        loss_chart(first.cells, x_axis="updates", scale="log", loss_label=loss_label(race.runs[0].task), dark=dark)
        flow_chart(first.cells, x_title="steps", y_title="norm", dark=dark, states=True)


def flags(settings: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the settings of a config.toml by the names that Streamlit's flags have: `theme_light_primaryColor`."""
    for name, value in settings.items():
        if isinstance(value, dict):
            yield from flags(value, f"{before}{name}_")
        else:
            yield f"{before}{name}", value


def listen(address: str, port: int, *, exactly: bool) -> socket.socket:
    """Return a socket that listens at the port or, unless it must be exactly this one, at the next free one.

    Without an address it listens at all of this machine, IPv6 included where there is any.

    Its connections send every message at once. Streamlit's own server leaves Nagle's algorithm on, which holds
    the end of a page back until the browser has confirmed its beginning: 40 ms on every use of the page.
    """
    both = not address and socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if both or ":" in address else socket.AF_INET
    for candidate in range(port, port + (1 if exactly else PORTS_TO_TRY)):
        try:
            listener = socket.create_server((address, candidate), family=family, dualstack_ipv6=both, backlog=2048)
        except OSError as error:
            reason = error
            continue
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    where = f"Port {port} of {address or 'this machine'}"
    raise click.ClickException(f"{where} cannot be used: {reason}. Choose another with --server.port.")


if __name__ == "__main__":
    main()
