"""Settings of what goes out of the house by itself: mail server, addresses, the webhook and its key."""

from __future__ import annotations

import base64
import binascii
from email.utils import parseaddr
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64  # bytes of the webhook's key
MOST_ADDRESSES = 20
HERE = {"127.0.0.1", "::1", "localhost"}  # where nobody listens in between

EXAMPLES = {
    "smtp_url": "smtp://user:password@mail.example.vn:587",
    "mail_from": "lensan@example.vn",
    "mail_to": "mot@example.vn,hai@example.vn",
    "webhook_url": "https://example.vn/lensan",
    "webhook_secret": "whsec_ and the output of: openssl rand -base64 32",
}

MAIL = ("smtp_url", "mail_from", "mail_to")  # all of them or none
WEBHOOK = ("webhook_url", "webhook_secret")


def _server(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    try:
        parts = urlsplit(text)
        whole = parts.scheme in {"smtp", "smtps"} and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole or parts.path.strip("/") or parts.query or any(map(str.isspace, text)):
        raise ValueError("is not an address like smtp:// or smtps://user:password@host:port")
    return value


def _mail_address(value: str) -> str:
    name, address = parseaddr(value)
    local, _, domain = address.rpartition("@")
    if name or address != value.strip() or not local or "." not in domain or not value.isascii():
        raise ValueError(f"names no e-mail address: {len(value)} characters")
    return address


def _separate(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(one.strip() for one in value.split(",") if one.strip())


def webhook_key(secret: str) -> bytes:
    """The bytes behind `whsec_…`; ValueError for what is none."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not SHORTEST <= len(key) <= LONGEST:
        raise ValueError(f"must be {PREFIX} and {SHORTEST} to {LONGEST} bytes in base64")
    return key


def _webhook_secret(value: SecretStr) -> SecretStr:
    webhook_key(value.get_secret_value())
    return value


def is_safe(url: str) -> bool:
    """Whether nobody on the way reads what is sent there."""
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in HERE


SmtpUrl = Annotated[SecretStr, AfterValidator(_server)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
MailAddresses = Annotated[
    tuple[MailAddress, ...],
    BeforeValidator(_separate),
    Field(max_length=MOST_ADDRESSES, repr=False),
]
WebhookSecret = Annotated[SecretStr, AfterValidator(_webhook_secret)]


def problem(settings: object) -> str | None:
    """What one of them lacks without another, as `setting: what`; None when they fit together."""
    for together in (MAIL, WEBHOOK):
        given = [name for name in together if getattr(settings, name)]
        lacking = [name for name in together if name not in given]
        if given and lacking:
            return f"{lacking[0]}: is needed with LENSAN_{given[0].upper()}"
    url = getattr(settings, "webhook_url")  # noqa: B009 of any settings
    return None if url is None or is_safe(url) else "webhook_url: must be an https:// address"
