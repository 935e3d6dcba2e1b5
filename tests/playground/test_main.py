"""How the server gets its port, and that it sends at once."""

import socket

import click
import pytest

from playground.__main__ import listen


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_messages_leave_at_once():
    with listen("127.0.0.1", 0, exactly=True) as listener:
        assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        with socket.create_connection(listener.getsockname()[:2]), listener.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_taken_port_gives_way_to_the_next_free_one_unless_it_was_asked_for(taken):
    with listen("127.0.0.1", taken, exactly=False) as listener:
        assert taken < listener.getsockname()[1] <= taken + 20
    with pytest.raises(click.ClickException, match=f"Port {taken} of 127.0.0.1 cannot be used.*--server.port"):
        listen("127.0.0.1", taken, exactly=True)


def test_without_an_address_this_machine_answers_on_every_one():
    with listen("", 0, exactly=True) as listener, socket.create_connection(("127.0.0.1", listener.getsockname()[1])):
        pass
