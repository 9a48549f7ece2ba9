"""A wrong setting stops the start with one line that names it, and no secret is ever shown."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.config import EXAMPLES, Settings, SettingsError, load_settings, secret_key
from bot.letter_settings import MAIL

TELEGRAM = {"LENSAN_TELEGRAM_TOKEN": "1:abc", "LENSAN_TELEGRAM_WEBHOOK_SECRET": "knock-knock"}
POSTGRES = {"LENSAN_DATABASE_URL": "postgresql+asyncpg://lan:mat-khau@db/lensan"}


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def refusal(**env: str) -> str:
    with pytest.raises(SettingsError) as wrong:
        load_settings({f"LENSAN_{name.upper()}": value for name, value in env.items()})
    return str(wrong.value)


def test_nothing_needs_to_be_set():
    settings = load_settings({})
    assert settings.database_url == "sqlite+aiosqlite:///data/lensan.db"
    assert settings.address == "http://127.0.0.1:8000"
    assert (settings.min_cell, settings.retention_months, settings.order_hours) == (5, 24, 12)
    assert settings.controller is None
    assert not settings.sample


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("port", "abc", "integer"),
        ("port", "0", "greater"),
        ("port", "65536", "65535"),
        ("host", "a b", "host name"),
        ("database_url", "gibberish", "not a database URL"),
        ("database_url", "mysql://a/b", "must begin with sqlite+aiosqlite://"),
        ("database_url", "sqlite:///a.db", "must begin with sqlite+aiosqlite://"),
        ("database_url", "postgresql://a/b", "or postgresql+asyncpg://"),
        ("database_url", "sqlite+aiosqlite://", "names no database file"),
        ("database_url", "sqlite+aiosqlite:///:memory:", "names no database file"),
        ("database_url", "postgresql+asyncpg://host", "names no database"),
        ("public_url", "lensan.vn", "http"),
        ("public_url", "https://lensan.vn/?a=b", "without a query"),
        ("telegram_api", "http://127.0.0.1:99999", "http"),
        ("zalo_api", "ftp://zalo", "http"),
        ("sample", "perhaps", "boolean"),
        ("log", "loud", "'debug'"),
        ("min_cell", "0", "greater"),
        ("retention_months", "-1", "greater"),
        ("order_hours", "169", "168"),
        ("controller", "x" * 201, "200"),
    ],
)
def test_a_wrong_value_is_named_in_one_line_with_an_example(name, value, problem):
    line = refusal(**{name: value})
    assert line.startswith(f"LENSAN_{name.upper()}: ")
    assert problem in line
    assert line.endswith(f"Example: LENSAN_{name.upper()}={EXAMPLES[name]}")
    assert "\n" not in line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("secret", "bi-mat-ngan"),
        ("telegram_token", "1:bi/mat"),
        ("telegram_webhook_secret", "bi mat!"),
        ("zalo_token", "bi mat"),
        ("zalo_webhook_secret", "bi-mat7"),
        ("database_url", "mysql://lan:bi-mat@db/lensan"),
    ],
)
def test_a_refused_secret_is_not_repeated(name, value):
    line = refusal(**{name: value})
    assert line.startswith(f"LENSAN_{name.upper()}: ")
    assert value not in line
    assert "bi-mat@" not in line


def test_settings_can_be_printed_without_a_secret_in_sight():
    env = POSTGRES | {"LENSAN_SECRET": "kin" * 20, "LENSAN_TELEGRAM_TOKEN": "1:kin"}
    shown = repr(load_settings(env)) + str(load_settings(env))
    assert "kin" not in shown
    assert "mat-khau" not in shown


def test_an_unknown_variable_of_ours_stops_the_start_and_a_near_name_is_offered():
    assert refusal(prot="1") == "LENSAN_PROT: there is no such setting; did you mean LENSAN_PORT?"


def test_variables_of_others_are_left_alone():
    assert load_settings({"PORT": "1", "PATH": "/bin"}).port == 8000


def test_an_empty_variable_counts_as_not_set():
    assert load_settings({"LENSAN_TELEGRAM_TOKEN": "", "LENSAN_PORT": ""}) == load_settings({})


def test_the_environment_goes_before_the_file():
    Path(".env").write_text("LENSAN_PORT=1234\nLENSAN_LOG=debug\nPOSTGRES_USER=lan\n")
    settings = load_settings({"LENSAN_PORT": "4321"})
    assert (settings.port, settings.log) == (4321, "debug")


def test_an_unknown_variable_in_the_file_stops_the_start_too():
    Path(".env").write_text("LENSAN_PROT=1\n")
    assert refusal().startswith("LENSAN_PROT: there is no such setting")


def test_only_the_given_environment_counts(monkeypatch):
    monkeypatch.setenv("LENSAN_PORT", "1")
    assert load_settings({}).port == 8000


@pytest.mark.parametrize("channel", ["telegram", "zalo"])
def test_a_webhook_needs_its_token_and_an_address_that_can_be_reached(channel):
    secret = {f"{channel}_webhook_secret": "knock-knock"}
    token = {f"{channel}_token": "1:abc"}
    assert refusal(**secret).startswith(f"LENSAN_{channel.upper()}_TOKEN: is needed")
    assert refusal(**secret, **token).startswith("LENSAN_PUBLIC_URL: must be an https://")
    assert "https" in refusal(**secret, **token, public_url="http://lensan.vn")


@pytest.mark.parametrize("address", ["https://lensan.vn", "http://127.0.0.1:8000"])
def test_a_webhook_may_come_by_https_or_from_this_machine(address):
    settings = load_settings(TELEGRAM | {"LENSAN_PUBLIC_URL": address + "/"})
    assert settings.public_url == settings.address == address


@pytest.mark.parametrize("length", [1, 256])
def test_telegrams_secret_may_have_1_to_256_signs(length):
    env = TELEGRAM | {"LENSAN_PUBLIC_URL": "https://a.vn"}
    assert load_settings(env | {"LENSAN_TELEGRAM_WEBHOOK_SECRET": "_" * length})
    assert "256" in refusal(telegram_webhook_secret="a" * 257)


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    first = secret_key(load_settings({}))
    assert secret_key(load_settings({})) == first
    assert len(first) == 64
    assert stat.S_IMODE((tmp_path / "data" / "lensan.secret").stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["lensan.secret"]


def test_two_databases_have_two_keys():
    other = load_settings({"LENSAN_DATABASE_URL": "sqlite+aiosqlite:///other/a.db"})
    assert secret_key(other) != secret_key(load_settings({}))


def test_a_given_key_is_taken_and_nothing_is_written(tmp_path):
    assert secret_key(load_settings({"LENSAN_SECRET": "k" * 32})) == b"k" * 32
    assert not list(tmp_path.iterdir())


def test_a_broken_key_file_stops_the_start_instead_of_signing_with_nothing():
    Path("data").mkdir()
    Path("data/lensan.secret").write_text("")
    with pytest.raises(SettingsError, match="holds no key"):
        secret_key(load_settings({}))


def test_postgresql_needs_a_key_that_its_processes_share():
    with pytest.raises(SettingsError, match="LENSAN_SECRET: is needed with PostgreSQL"):
        secret_key(load_settings(POSTGRES))


def test_every_setting_has_an_example_that_is_right_or_a_way_to_get_one():
    assert set(EXAMPLES) == set(Settings.model_fields)
    ready = {name: said for name, said in EXAMPLES.items() if "output of" not in said}
    ready = {name: said for name, said in ready.items() if "token" not in name}
    for name in ready.keys() - {"webhook_url"}:  # it needs a secret that somebody has to make
        others = MAIL if name in MAIL else (name,)
        load_settings({f"LENSAN_{one.upper()}": ready[one] for one in others})
