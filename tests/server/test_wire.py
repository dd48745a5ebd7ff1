"""Raw sockets against a real process: what an ordinary client would never send."""

import time
from collections.abc import Iterator

import pytest

from server.protection import HEADERS
from tests.servers.running import Running
from tests.servers.wire import HOST, Line, Reply

FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("wire") / "data").start()
    yield running
    running.kill()


@pytest.fixture
def line(server: Running) -> Iterator[Line]:
    opened = Line(server.port)
    yield opened
    opened.close()


def ask(server: Running, *parts: bytes) -> Reply:
    line = Line(server.port).send(*parts)
    reply = line.reply()
    line.close()
    return reply


def test_two_hosts_on_the_wire_are_not_answered(server: Running) -> None:
    reply = ask(server, b"GET /sign-in HTTP/1.1\r\n", HOST, b"Host: evil.example\r\n\r\n")
    assert reply.status == 400


def test_no_host_at_all_is_not_answered(server: Running) -> None:
    assert ask(server, b"GET /sign-in HTTP/1.1\r\n\r\n").status == 400


def test_trace_is_not_done_here(server: Running) -> None:
    reply = ask(server, b"TRACE / HTTP/1.1\r\n", HOST, b"\r\n")
    assert (reply.status, "allow" in reply.headers) == (405, True)
    assert b"localhost" not in reply.body


def test_a_length_and_chunks_together_are_refused_and_the_line_is_cut(line: Line) -> None:
    both = b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    line.send(b"POST /sign-in HTTP/1.1\r\n", HOST, FORM, both)
    reply = line.reply()
    assert reply.status == 400
    assert line.is_cut()
    for name, value in HEADERS.items():
        assert reply.headers[name.lower()] == value


@pytest.mark.parametrize(
    "junk",
    [
        b"GET /sign-in\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\x00b\r\n\r\n",
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"GET * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
)
def test_what_is_not_http_is_refused_with_our_headers(server: Running, junk: bytes) -> None:
    reply = ask(server, junk)
    assert reply.status in (400, 404)
    assert reply.headers["content-security-policy"].startswith("default-src 'none'")


def test_headers_without_end_are_cut_off(server: Running, line: Line) -> None:
    line.send(b"GET / HTTP/1.1\r\n", HOST)
    try:
        for n in range(200):
            line.send(b"X-%d: " % n, b"a" * 1000, b"\r\n")
    except ConnectionError:
        pass
    assert line.reply().status in (431, 0)
    assert server.answers() == 200


def test_an_announced_body_over_the_limit_is_refused_before_it_is_sent(line: Line) -> None:
    line.send(b"POST /sign-in HTTP/1.1\r\n", HOST, FORM, b"Content-Length: 99999999\r\n\r\n")
    assert line.reply().status == 413


def test_a_chunked_body_over_the_limit_is_refused_without_waiting_for_its_end(line: Line) -> None:
    line.send(b"POST /sign-in HTTP/1.1\r\n", HOST, FORM, b"Transfer-Encoding: chunked\r\n\r\n")
    chunk = b"10000\r\n" + b"a" * 65536 + b"\r\n"
    for _ in range(5):
        line.send(chunk)
    assert line.reply().status == 413


def test_a_new_line_in_an_address_makes_one_line_in_the_log_and_no_header(server: Running) -> None:
    reply = ask(server, b"GET /sign-in?next=%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\n", HOST, b"\r\n")
    assert "set-cookie" not in reply.headers
    found: list[str] = []
    until = time.monotonic() + 10
    while not found and time.monotonic() < until:
        found = [line for line in server.log.read_text().splitlines() if reply.headers["request-id"] in line]
    assert len(found) == 1
    assert "Set-Cookie" not in server.log.read_text()
