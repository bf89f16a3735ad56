from __future__ import annotations

import socket

import pytest

from config.ports import answers, free_port


@pytest.fixture
def taken() -> socket.socket:
    with socket.socket() as listener:
        listener.bind(("0.0.0.0", 0))  # noqa: S104
        listener.listen()
        yield listener


def test_a_port_taken_on_every_interface_is_passed_over(taken: socket.socket) -> None:
    port = taken.getsockname()[1]
    assert free_port(port) > port


def test_no_port_above_the_last_is_tried() -> None:
    with pytest.raises(OSError, match="--port"):
        free_port(65536)


def test_a_free_port_is_kept(taken: socket.socket) -> None:
    port = taken.getsockname()[1]
    taken.close()
    assert free_port(port) == port


def test_only_a_listener_answers(taken: socket.socket) -> None:
    port = taken.getsockname()[1]
    assert answers(port)
    taken.close()
    assert not answers(port)
