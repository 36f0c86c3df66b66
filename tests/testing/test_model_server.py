"""The scripted provider server, over plain HTTP: what it sends, what it remembers, how it starts from a shell."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lithify.errors import BadInput
from lithify.testing.model_server import ModelServer, ReceivedRequest, load_script, main
from lithify.testing.wire_replies import Answer

CHAT = "/chat/completions"


def post(base_url: str, path: str = CHAT, **body: Any) -> tuple[int, dict[str, str], str]:
    body = {"model": "m", "messages": [{"role": "user", "content": "hello"}], **body}
    request = urllib.request.Request(
        base_url + path, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, dict(response.headers), response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read().decode()


def text_of(body: str) -> str:
    return json.loads(body)["choices"][0]["message"]["content"]


def test_replies_come_in_order_and_then_it_says_that_it_is_used_up() -> None:
    with ModelServer(["one", Answer(text="two", input_tokens=3, output_tokens=4)]) as server:
        replies = [post(server.base_url) for _ in range(3)]
    assert [reply[0] for reply in replies] == [200, 200, 400]
    assert [text_of(reply[2]) for reply in replies[:2]] == ["one", "two"]
    assert json.loads(replies[1][2])["usage"] == {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
    assert "used up" in replies[2][2]


def test_a_list_can_start_again() -> None:
    with ModelServer(["a", "b"], repeat=True) as server:
        assert [text_of(post(server.base_url)[2]) for _ in range(5)] == ["a", "b", "a", "b", "a"]


def test_a_function_sees_the_request() -> None:
    def script(request: ReceivedRequest) -> str:
        return f"{request.number} {request.prompt} {request.body['model']} {request.headers['content-type']}"

    with ModelServer(script) as server:
        assert text_of(post(server.base_url)[2]) == "1 hello m application/json"


def test_statuses_headers_and_bodies_are_sent_as_scripted() -> None:
    script = [
        Answer(status=429, headers={"Retry-After": "3"}, text="slow down"),
        Answer(body="<p>", content_type="text/html"),
        Answer(status=299, body=""),
        Answer(status=500, body="oops"),
    ]
    with ModelServer(script) as server:
        limited, nonsense, nothing, broken = [post(server.base_url) for _ in script]
    assert (limited[0], limited[1]["Retry-After"]) == (429, "3")
    assert json.loads(limited[2])["error"]["message"] == "slow down"
    assert (nonsense[0], nonsense[1]["Content-Type"], nonsense[2]) == (200, "text/html", "<p>")
    assert (nothing[0], nothing[2]) == (299, "")
    assert (broken[0], broken[2]) == (500, "oops")


def test_the_path_chooses_the_dialect() -> None:
    with ModelServer(["hi"], repeat=True) as server:
        message = json.loads(post(server.base_url, "/messages")[2])
        response = json.loads(post(server.base_url, "/responses", input="hello")[2])
        assert [request.path for request in server.requests] == ["/v1/messages", "/v1/responses"]
    assert message["content"] == [{"type": "text", "text": "hi"}]
    assert response["output"][0]["content"][0]["text"] == "hi"


def test_a_stream_is_sent_as_events_that_add_up_to_the_reply() -> None:
    with ModelServer(["hi there"], repeat=True) as server:
        status, headers, body = post(server.base_url, stream=True)
        events = [json.loads(line[6:]) for line in body.splitlines() if line.startswith("data: {")]
        message_body = post(server.base_url, "/messages", stream=True)[2]
    assert (status, headers["Content-Type"]) == (200, "text/event-stream")
    assert "".join(c["delta"].get("content", "") for e in events for c in e["choices"]) == "hi there"
    assert body.endswith("data: [DONE]\n\n")
    kinds = [line[7:] for line in message_body.splitlines() if line.startswith("event: ")]
    assert (kinds[0], kinds[-1]) == ("message_start", "message_stop")


def test_a_dropped_connection_and_a_hanging_one() -> None:
    with ModelServer([Answer(drop=True), Answer(hang=True), "fine"]) as server:
        with pytest.raises(http.client.RemoteDisconnected):
            post(server.base_url)
        connection = http.client.HTTPConnection(server.base_url.split("/")[2], timeout=0.2)
        connection.request("POST", f"/v1{CHAT}", body="{}")
        with pytest.raises(TimeoutError):
            connection.getresponse()
        connection.close()
        assert text_of(post(server.base_url)[2]) == "fine"
        assert len(server.requests) == 3


def test_a_hanging_request_does_not_keep_the_server_from_stopping() -> None:
    with ModelServer([Answer(hang=True)]) as server:
        connection = http.client.HTTPConnection(server.base_url.split("/")[2], timeout=20)
        connection.request("POST", f"/v1{CHAT}", body="{}")
        while not server.requests:
            time.sleep(0.005)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        connection.getresponse()
    connection.close()


def test_many_connections_at_once_are_counted() -> None:
    with ModelServer(lambda _request: Answer(text="ok", delay=0.3)) as server:
        with ThreadPoolExecutor(12) as pool:
            replies = list(pool.map(lambda _: post(server.base_url), range(12)))
        assert {text_of(reply[2]) for reply in replies} == {"ok"}
        assert len(server.requests) == 12
        assert server.peak > 1


def test_what_is_not_http_only_ends_its_own_connection() -> None:
    with ModelServer(["fine"]) as server:
        connection = http.client.HTTPConnection(server.base_url.split("/")[2], timeout=20)
        connection.connect()
        connection.sock.sendall(b"hello\r\n\r\n")
        assert connection.sock.recv(100) == b""
        connection.close()
        assert text_of(post(server.base_url)[2]) == "fine"


def test_a_script_file_of_json(tmp_path: Path) -> None:
    file = tmp_path / "script.json"
    file.write_text('["one", {"status": 429, "headers": {"Retry-After": "1"}}, {"text": "two", "delay": 0.5}]')
    assert load_script(file) == [
        "one",
        Answer(status=429, headers={"Retry-After": "1"}),
        Answer(text="two", delay=0.5),
    ]


def test_a_script_file_of_python(tmp_path: Path) -> None:
    file = tmp_path / "script.py"
    file.write_text("def answer(request):\n    return request.prompt[::-1]\n")
    with ModelServer(load_script(file)) as server:
        assert text_of(post(server.base_url)[2]) == "olleh"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.json", '{"text": "x"}', "holds dict, not a list"),
        ("a.json", '["one", 2]', "reply 2 is 2"),
        ("a.json", '[{"txt": "x"}]', r"reply 1 is \{'txt': 'x'\}.*'text'"),
        ("a.json", "[", "cannot be read"),
        ("a.py", "x = 1", "defines no function `answer"),
    ],
)
def test_a_bad_script_file_is_named(tmp_path: Path, name: str, content: str, says: str) -> None:
    file = tmp_path / name
    file.write_text(content)
    with pytest.raises(BadInput, match=f"{name}.*{says}"):
        load_script(file)


def test_the_command_refuses_a_missing_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--script", str(tmp_path / "none.json")]) == 2
    assert "none.json cannot be read" in capsys.readouterr().err


def test_it_starts_from_a_shell_and_ends_on_interrupt(tmp_path: Path) -> None:
    file = tmp_path / "script.json"
    file.write_text('["from a file"]')
    command = [sys.executable, "-m", "lithify.testing.model_server", "--port", "0", "--script", str(file), "--repeat"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        base_url = server.stdout.readline().strip()
        replies = [text_of(post(base_url)[2]) for _ in range(2)]
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0
    assert replies == ["from a file", "from a file"]
