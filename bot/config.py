"""The settings, read once at the start from the environment and `.env`; a wrong one stops it."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot import channel_settings, letter_settings
from bot.channel_settings import TelegramSecret, Token, ZaloSecret
from bot.letter_settings import MailAddress, MailAddresses, SmtpUrl, WebhookSecret
from bot.locales.catalogue import FIRST, languages
from bot.speech.engines import PACKAGES, lacking

PREFIX = "LENSAN_"
SHORTEST_SECRET = 32
EXAMPLES = {
    "database_url": "sqlite+aiosqlite:///data/lensan.db",
    "host": "127.0.0.1",
    "port": "8000",
    "public_url": "https://lensan.example.vn",
    "secret": "the output of: openssl rand -hex 32",
    "sample": "1",
    "log": "info",
    "min_cell": "5",
    "controller": "the name of the body that keeps the book",
    "retention_months": "24",
    "order_hours": "12",
    "help_phone": "0275 3822 999",
    "voice_engine": "viet-asr",
    "language": "en",
    **channel_settings.EXAMPLES,
    **letter_settings.EXAMPLES,
}
"""One right value of each setting, for the line that says what is wrong."""


class SettingsError(ValueError):
    """One line: which variable, what is wrong with it, and an example."""


def _database(value: str) -> str:
    try:
        url = make_url(value)
    except ArgumentError:
        raise ValueError("is not a database URL") from None
    if url.drivername not in {"sqlite+aiosqlite", "postgresql+asyncpg"}:
        raise ValueError("must begin with sqlite+aiosqlite:// or postgresql+asyncpg://")
    if url.database in {None, "", ":memory:"}:
        raise ValueError("names no database file" if _is_sqlite(url) else "names no database")
    return value


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
        whole = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole or parts.query or parts.fragment or parts.username or any(map(str.isspace, value)):
        raise ValueError("is not an http:// or https:// address without a query")
    return value.rstrip("/")


def _named_host(value: str) -> str:
    if not value or "/" in value or any(map(str.isspace, value)):
        raise ValueError("is not a host name or IP address")
    return value


def _level(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _known_language(value: str) -> str:
    if value not in languages():
        raise ValueError(f"must be one of {', '.join(languages())}")
    return value


def _listening(value: str) -> str:
    if value == "off":
        return value
    if value not in PACKAGES:
        raise ValueError(f"must be one of off, {', '.join(PACKAGES)}")
    if missing := lacking(value):
        raise ValueError(f"needs packages that are not installed: {', '.join(missing)}")
    return value


def _long_enough(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < SHORTEST_SECRET:
        raise ValueError(f"must have {SHORTEST_SECRET} characters or more")
    return value


Address = Annotated[str, AfterValidator(_address)]
Level = Literal["debug", "info", "warning", "error", "critical"]


class Settings(BaseModel):
    """Every setting: `LENSAN_` and the field's name in capitals. Secrets don't show in print."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    database_url: Annotated[str, AfterValidator(_database), Field(repr=False)] = EXAMPLES[
        "database_url"
    ]
    host: Annotated[str, AfterValidator(_named_host)] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    public_url: Address | None = None
    secret: Annotated[SecretStr, AfterValidator(_long_enough)] | None = None
    telegram_token: Token | None = None
    telegram_api: Address = EXAMPLES["telegram_api"]
    telegram_webhook_secret: TelegramSecret | None = None
    zalo_token: Token | None = None
    zalo_api: Address = EXAMPLES["zalo_api"]
    zalo_webhook_secret: ZaloSecret | None = None
    zalo_unasked: bool = False
    sample: bool = False
    log: Annotated[Level, BeforeValidator(_level)] = "info"
    min_cell: Annotated[int, Field(ge=1, le=1000)] = 5
    controller: Annotated[str, Field(max_length=200)] | None = None
    retention_months: Annotated[int, Field(ge=1, le=240)] = 24
    order_hours: Annotated[int, Field(ge=1, le=168)] = 12
    help_phone: Annotated[str, Field(max_length=40, pattern=r"^[0-9 +.-]+$")] | None = None
    voice_engine: Annotated[str, AfterValidator(_listening)] | None = None
    language: Annotated[str, AfterValidator(_known_language)] = FIRST
    smtp_url: SmtpUrl | None = None
    mail_from: MailAddress | None = None
    mail_to: MailAddresses = ()
    webhook_url: Address | None = None
    webhook_secret: WebhookSecret | None = None

    @model_validator(mode="after")
    def _webhooks_can_be_reached(self) -> Self:
        for channel in ("telegram", "zalo"):
            if getattr(self, f"{channel}_webhook_secret") is None:
                continue
            if getattr(self, f"{channel}_token") is None:
                raise ValueError(f"{channel}_token: is needed with the webhook's secret")
            if not _reachable(self.public_url):
                raise ValueError("public_url: must be an https:// address, webhooks come to it")
        return self

    @model_validator(mode="after")
    def _letters_have_a_way(self) -> Self:
        if (problem := letter_settings.problem(self)) is not None:
            raise ValueError(problem)
        return self

    @property
    def address(self) -> str:
        """Where people open it: the public address, or that of the server itself."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def quiet_channels(self) -> frozenset[str]:
        """Channels in which nobody is written to unasked."""
        return frozenset() if self.zalo_unasked else frozenset({"zalo"})

    @property
    def sqlite_file(self) -> Path | None:
        """The database file, None on PostgreSQL."""
        url = make_url(self.database_url)
        return Path(str(url.database)) if _is_sqlite(url) else None


def _reachable(address: str | None) -> bool:
    """Whether a webhook may point there: https, or a Bot API server of one's own beside us."""
    parts = urlsplit(address or "")
    return parts.scheme == "https" or parts.hostname in {"127.0.0.1", "localhost", "::1"}


def load_settings(env: Mapping[str, str], env_file: Path = Path(".env")) -> Settings:
    """The settings in `env`, then those in the file; an empty variable counts as not set.

    SettingsError on the first wrong or unknown one of ours; variables of others are left alone.
    """
    given = dotenv_values(env_file) | dict(env)
    ours = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in given.items()
        if name.startswith(PREFIX) and value
    }
    try:
        return Settings.model_validate(ours)
    except ValidationError as wrong:
        raise SettingsError(_line(wrong.errors(include_url=False)[0])) from None


def _line(error: ErrorDetails) -> str:
    """One line of English for pydantic's finding; values that may be secret are not repeated."""
    said = error["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    if not error["loc"]:
        field, _, said = said.partition(": ")
    else:
        field = str(error["loc"][0])
    name = PREFIX + field.upper()
    if error["type"] == "extra_forbidden":
        return f"{name}: there is no such setting{_nearest(field)}"
    return f"{name}: {said[0].lower()}{said[1:]}. {_example(field)}"


def _example(field: str) -> str:
    return f"Example: {PREFIX}{field.upper()}={EXAMPLES[field]}"


def _nearest(field: str) -> str:
    near = get_close_matches(field, EXAMPLES, n=1)
    return f"; did you mean {PREFIX}{near[0].upper()}?" if near else ""


def secret_key(settings: Settings) -> bytes:
    """The key that signs links and cookies: `LENSAN_SECRET`, or one kept beside the SQLite file.

    SettingsError on PostgreSQL without `LENSAN_SECRET`: its processes must share one.
    """
    if settings.secret is not None:
        return settings.secret.get_secret_value().encode()
    database = settings.sqlite_file
    if database is None:
        raise SettingsError(f"{PREFIX}SECRET: is needed with PostgreSQL. {_example('secret')}")
    return _kept_secret(database.with_suffix(".secret"))


def _kept_secret(path: Path) -> bytes:
    if not path.exists():
        _keep_new_secret(path)
    key = path.read_bytes().strip()
    if len(key) < SHORTEST_SECRET:
        raise SettingsError(f"{path}: holds no key; remove the file and a new one is made")
    return key


def _keep_new_secret(path: Path) -> None:
    """Whole or not at all, and never over another's: two processes may start at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
        Path(draft).chmod(0o600)
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
