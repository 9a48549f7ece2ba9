"""Every command works beside a running process and alone; a user's mistake gets one line and no traceback."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest
from blank import empty_file
from commands import Begun, begin
from databases import url_of
from server import ROOT, Server, free_port, running

from bot.commands.arguments import parser
from storage.migrate import newest

REPORTS = ROOT / "tests" / "figures" / "programme-2023-06.csv"
PUBLISHED = "987.495 giao dịch (Vỏ sò: 173.745; Postmart: 813.750)"
COMMANDS = (
    *("run", "web", "worker", "migrate", "chat", "parse", "import", "summary"),
    *("rebuild", "invite", "key", "keys", "backup", "restore", "doctor"),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("beside")) as server:
        yield server


@pytest.fixture
def alone(tmp_path):
    empty_file(tmp_path / "data" / "lensan.db")
    return by_itself(tmp_path)


def by_itself(folder: Path) -> Server:
    """Where no process runs."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("LENSAN_")}
    return Server("", env | {"PYTHONPATH": str(ROOT)}, folder)


@pytest.fixture(params=["beside", "alone"])
def lensan(request):
    return request.getfixturevalue("server" if request.param == "beside" else "alone")


def said(done: subprocess.CompletedProcess[str]) -> str:
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def refused(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode != 0
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("lensan: ")
    return line


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_tells_what_it_is_for(command, capsys):
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([command, "--help"])
    assert ended.value.code == 0
    assert len(capsys.readouterr().out) > 60


def test_reports_are_taken_in_once_and_the_summary_says_them(lensan):
    assert "11 figures taken in" in said(lensan.command("import", "reports", str(REPORTS)))
    assert said(lensan.command("import", "reports", str(REPORTS))).startswith("0 figures taken in")
    period = ("summary", "--from", "2022-08", "--to", "2023-06")
    assert PUBLISHED in said(lensan.command(*period))
    said(lensan.command(*period, "--format", "json", "-o", "summary.json"))
    assert json.loads((lensan.folder / "summary.json").read_text())["from"] == "2022-08"
    assert said(lensan.command("rebuild", "--check")) == "0 differences\n"


def test_a_key_stands_alone_on_standard_output(lensan):
    key = said(lensan.command("key", "--role", "ministry", "--name", "bộ"))
    assert re.fullmatch(r"[\w-]{43}\n", key)
    kept = b"".join(file.read_bytes() for file in (lensan.folder / "data").glob("lensan.db*[bl]"))
    assert key.strip().encode() not in kept


def test_the_list_of_keys_tells_whose_they_are_and_not_what_opens(lensan):
    key = said(lensan.command("key", "--name", "kho", "--scope", "read", "--expires", "9d")).strip()
    (row,) = [line for line in said(lensan.command("keys")).splitlines() if line.endswith(" kho")]
    assert row.split()[:3] == ["open", "ministry", "read"]
    assert key not in row
    assert lensan.command("key", "--revoke", "kho").returncode == 0
    assert "revoked" in said(lensan.command("keys"))


def test_an_invitation_is_an_address(lensan):
    line = said(lensan.command("invite", "--role", "worker", "--area", "Lai Vung, Đồng Tháp"))
    assert re.fullmatch(r"http://\S+/[\w-]{43}\n", line)


def test_a_backup_can_be_taken_at_any_time(lensan):
    said(lensan.command("backup", "copy.db"))
    assert (lensan.folder / "copy.db").stat().st_size > 10_000


def test_the_doctor_says_what_is_there(lensan):
    assert said(lensan.command("doctor")).endswith("all is well\n")


def test_the_first_command_makes_the_database(tmp_path):
    assert said(by_itself(tmp_path).command("doctor")).endswith("all is well\n")


def test_migrating_again_changes_nothing(lensan):
    said(lensan.command("migrate"))
    assert newest() in said(lensan.command("migrate"))


def test_a_conversation_is_typed_saved_and_played_again(lensan):
    spoken = talk(lensan, "alo\n[Đồng ý]\n", "--as", "lan", "--save", "talk.txt")
    assert "! consent_given purpose=ledger" in spoken
    saved = (lensan.folder / "talk.txt").read_text()
    assert saved.startswith("> alo\n! contact_started\n< ")
    played = said(lensan.command("chat", "--as", "hoa", "--script", "talk.txt"))
    assert played == saved


def talk(lensan: Server, typed: str, *words: str) -> str:
    return said(lensan.command("chat", *words, typed=typed))


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("import", "reports", "nowhere.csv"), "nowhere.csv: No such file"),
        (("summary", "--from", "2022", "--to", "2023-06"), "--from: must be a month"),
        (("key", "--role", "department", "--name", "sở"), "needs its province"),
        (("key", "--name", "nobody", "--revoke"), "no open key"),
        (("key", "--name", "x", "--scope", "orders"), "may read, report"),
        (("parse", "--on", "0001-01-01", "hôm qua"), "no day of these times"),
        (("invite", "--role", "worker", "--area", "Atlantis"), "Atlantis"),
        (("backup", "no/such/folder/copy.db"), "No such file or directory"),
        (("chat", "--script", "nowhere.txt"), "nowhere.txt"),
        (("restore", "nowhere.db"), ""),
    ],
)
def test_a_users_mistake_gets_one_line(server, words, problem):
    assert problem in refused(server.command(*words))


def test_a_users_mistake_gets_one_line_without_a_running_process_too(alone):
    assert "--from: must be a month" in refused(
        alone.command("summary", "--from", "2022", "--to", "2023-06")
    )


def test_every_bad_line_of_a_report_is_named_and_none_is_taken(lensan):
    lines = REPORTS.read_text().splitlines()
    lines[2] = lines[2].replace("products", "produce")
    lines[4] += "x"
    (lensan.folder / "bad.csv").write_text("\n".join(lines))
    done = lensan.command("import", "reports", "bad.csv")
    assert done.returncode == 1
    assert "line 3" in done.stderr
    assert "line 5" in done.stderr
    assert "nothing was taken in" in done.stderr


# One process for a SQLite file


def test_a_second_run_is_refused_in_one_line(server):
    second = Server("", server.env | {"LENSAN_PORT": str(free_port())}, server.folder)
    assert "is open in another process" in refused(second.command("run"))


def test_a_port_that_is_taken_is_named(server, alone):
    env = alone.env | {"LENSAN_PORT": server.env["LENSAN_PORT"]}
    assert "cannot listen on" in refused(Server("", env, alone.folder).command("run"))


@pytest.mark.parametrize("part", ["web", "worker"])
def test_several_processes_need_postgresql(tmp_path, part):
    assert "PostgreSQL" in refused(by_itself(tmp_path).command(part))
    assert not list(tmp_path.iterdir())


def test_restoring_waits_for_the_end_of_the_running_process(server):
    said(server.command("backup", "copy.db"))
    assert "stop the running lensan first" in refused(server.command("restore", "copy.db"))


def test_only_its_owner_may_speak_to_the_running_process(server):
    socket = server.folder / "data" / "lensan.db.sock"
    assert stat.S_IMODE(socket.stat().st_mode) == 0o600


def test_asked_to_end_the_process_ends_in_peace_and_leaves_nothing_behind(tmp_path):
    with running(tmp_path) as server:
        pass
    assert {file.name for file in (tmp_path / "data").iterdir()} == {
        *("lensan.db", "lensan.db.lock", "lensan.secret")
    }
    assert "error" not in (tmp_path / "log").read_text()
    assert said(server.command("doctor"))


def test_after_a_kill_the_next_start_needs_no_help(alone):
    said(alone.command("migrate"))
    line = [sys.executable, "-m", "bot", "run"]
    env = alone.env | {"LENSAN_PORT": str(free_port())}
    process = subprocess.Popen(line, cwd=alone.folder, env=env, stdout=subprocess.DEVNULL)
    until((alone.folder / "data" / "lensan.db.sock").exists, process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert said(alone.command("doctor"))


def until(seen: Callable[[], object], process: subprocess.Popen[bytes] | Begun) -> None:
    """It is up: this is not empty any more."""
    end = time.monotonic() + 60
    while not seen():
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.02)


# The language layer alone


def test_parsing_needs_no_database_and_no_settings(tmp_path):
    alone = by_itself(tmp_path)
    env = alone.env | {"LENSAN_DATABASE_URL": "nonsense"}
    sentence = "hôm qua bán 20 ký cam sành giá 25 ngàn cho chị Lan"
    done = Server("", env, alone.folder).command("parse", "--on", "2026-11-21", sentence)
    answer = json.loads(said(done))
    assert (answer["intent"], answer["date"]) == ("log_sale", "2026-11-20")
    assert answer["items"][0]["total_vnd"] == 500_000
    assert not list(alone.folder.iterdir())


def test_lines_are_answered_in_order_with_their_ids(alone):
    rows = [
        {"id": str(n), "text": f"ban {n} kg cam 20k/kg", "ref": "2026-11-21"} for n in range(1, 6)
    ]
    done = parse_lines(alone, "\n".join(map(json.dumps, rows)))
    answers = list(map(json.loads, said(done).splitlines()))
    assert [answer["id"] for answer in answers] == ["1", "2", "3", "4", "5"]
    assert [answer["items"][0]["quantity"] for answer in answers] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("bad", ["{", "[]", "1", '{"id": 1}', '{"text": "a", "ref": "soon"}'])
def test_a_bad_line_is_named_and_the_others_are_answered(alone, bad):
    good = json.dumps({"id": "a", "text": "alo", "ref": "2026-11-21"})
    done = parse_lines(alone, f"{good}\n{bad}\n{good}\n")
    assert done.returncode == 1
    assert done.stderr.startswith("lensan: line 2: ")
    assert len(done.stderr.splitlines()) == 1
    assert [json.loads(line) and "a" for line in done.stdout.splitlines()] == ["a", None, "a"]


def parse_lines(alone: Server, lines: str) -> subprocess.CompletedProcess[str]:
    return alone.command("parse", "--jsonl", typed=lines)


def test_a_wrong_setting_stops_every_command_in_one_line(alone):
    env = alone.env | {"LENSAN_PORT": "abc"}
    line = refused(Server("", env, alone.folder).command("doctor"))
    assert line.startswith("lensan: LENSAN_PORT: ")


# Several processes, on PostgreSQL


def test_web_and_worker_share_one_postgresql(alone, postgres):
    port = free_port()
    env = alone.env | {
        "LENSAN_DATABASE_URL": url_of(postgres, "shared"),
        "LENSAN_SECRET": "s" * 32,
        "LENSAN_PORT": str(port),
    }
    asyncio.run(_create(postgres, "shared"))
    lensan = Server("", env, alone.folder)
    assert "run lensan migrate" in refused(lensan.command("doctor"))
    said(lensan.command("migrate"))
    parts = {part: alone.folder / part for part in ("web", "worker")}  # each writes into its file
    processes = [begin((part,), alone.folder, env, out, out) for part, out in parts.items()]
    try:
        for process, out in zip(processes, parts.values(), strict=True):
            until(out.read_text, process)
        body = {"client_id": str(uuid4()), "message_id": str(uuid4()), "text": "alo"}
        answer = httpx.post(f"http://127.0.0.1:{port}/chat/messages", json=body, timeout=30)
        assert answer.status_code == 200
        assert len(answer.json()["replies"]) == 2
        said(lensan.command("import", "reports", str(REPORTS)))
        assert said(lensan.command("rebuild", "--check")) == "0 differences\n"
        said(lensan.command("backup", "copy.db"))
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        codes = [process.wait() for process in processes]
    assert codes == [0, 0]
    assert "restored" in said(lensan.command("restore", "copy.db"))
    assert PUBLISHED in said(lensan.command("summary", "--from", "2022-08", "--to", "2023-06"))


async def _create(server: str, name: str) -> None:
    conn = await asyncpg.connect(server)
    await conn.execute(f"CREATE DATABASE {name}")
    await conn.close()
