"""The settings of Telegram and Zalo: tokens, and the secrets of their webhooks."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, SecretStr

EXAMPLES = {
    "telegram_token": "123456:ABC-from-BotFather",
    "telegram_api": "https://api.telegram.org",
    "telegram_webhook_secret": "the output of: openssl rand -hex 32",
    "zalo_token": "the token from Zalo's bot page",
    "zalo_api": "https://bot-api.zaloplatforms.com",
    "zalo_webhook_secret": "the output of: openssl rand -hex 32",
    "zalo_unasked": "1",
}


def _token(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not text.isascii() or any(sign in "/?#%" or sign.isspace() for sign in text):
        raise ValueError("is not a bot token")
    return value


def _telegram_secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if (
        len(text) > 256
        or not text.isascii()
        or not text.replace("-", "_").replace("_", "a").isalnum()
    ):
        raise ValueError("must be 1 to 256 of A-Z a-z 0-9 _ -")
    return value


def _zalo_secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not 8 <= len(text) <= 256 or not (text.isascii() and text.isprintable()):
        raise ValueError("must be 8 to 256 printable ASCII characters")
    return value


Token = Annotated[SecretStr, AfterValidator(_token)]
TelegramSecret = Annotated[SecretStr, AfterValidator(_telegram_secret)]
ZaloSecret = Annotated[SecretStr, AfterValidator(_zalo_secret)]
