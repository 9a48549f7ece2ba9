"""A summary as an e-mail: its sentences, with the workbook and the PDF attached."""

from __future__ import annotations

import datetime as dt
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from bot.letter_settings import HERE
from bot.letters import Gone, Letter, NotTaken
from bot.locales.spoken import text, written_day, written_month
from bot.summary import Summary
from bot.summary_files import FORMATS
from bot.summary_text import summary_text

PATIENCE = 30.0  # seconds for each step of the conversation with the server
PERMANENT = 500  # codes from here on: trying again changes nothing
PORTS = {"smtp": 587, "smtps": 465}
ATTACHED = ("xlsx", "pdf")


Files = Mapping[str, bytes]  # by ending


def files_of(summary: Summary) -> Files:
    """What is attached; takes about a second."""
    made = {kind: FORMATS[kind][0](summary) for kind in ATTACHED}
    return {kind: file if isinstance(file, bytes) else file.encode() for kind, file in made.items()}


def written(letter: Letter, files: Files, sender: str, to: str) -> EmailMessage:
    """The whole e-mail; the same letter gives the same Message-ID and date again."""
    message = EmailMessage()
    message["Subject"] = _subject(letter)
    message["From"], message["To"] = sender, to
    message["Date"] = format_datetime(letter.made_at)
    domain = parseaddr(sender)[1].rpartition("@")[2]
    message["Message-ID"] = f"<{letter.id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(summary_text(letter.summary))
    for kind, content in files.items():
        main, _, sub = FORMATS[kind][1].partition(";")[0].partition("/")
        name = f"len-san-{letter.period}.{kind}"
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message


def _subject(letter: Letter) -> str:
    if letter.kind == "month":
        return text("programme.mail.month").format(month=written_month(letter.period))
    day = written_day(dt.date.fromisoformat(letter.period))
    return text("programme.mail.week").format(date=day)


def send(url: str, message: EmailMessage) -> None:
    """Hand it to the server. NotTaken: not this time; Gone: never. Blocks: for a thread."""
    with _asked(), _connected(url) as server:
        server.send_message(message)


def reach(url: str) -> None:
    """Sign in, and say goodbye; NotTaken or Gone says why that is not possible."""
    with _asked(), _connected(url) as server:
        server.noop()


@contextmanager
def _asked() -> Iterator[None]:
    """Whatever goes wrong, as ours; servers' sentences may name people and are left out."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as fault:
        codes = [code for code, _ in fault.recipients.values()]
        raise _refused(max(codes, default=0)) from None
    except smtplib.SMTPAuthenticationError as fault:
        raise NotTaken(f"the mail server refused the password ({fault.smtp_code})") from None
    except smtplib.SMTPResponseException as fault:
        raise _refused(fault.smtp_code) from None
    except (smtplib.SMTPException, OSError, ssl.SSLError) as fault:
        raise NotTaken(f"the mail server was not reached ({type(fault).__name__})") from None


def _refused(code: int) -> NotTaken:
    kind = Gone if code >= PERMANENT else NotTaken
    return kind(f"the mail server refused it ({code})")


@contextmanager
def _connected(url: str) -> Iterator[smtplib.SMTP]:
    """Signed in over TLS; without TLS only to a server of one's own, or without a password."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    tls = ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=tls)
    else:
        server = smtplib.SMTP(host, port, timeout=PATIENCE)
    with server:
        if parts.scheme == "smtp" and server.ehlo() and server.has_extn("starttls"):
            server.starttls(context=tls)
        elif parts.scheme == "smtp" and parts.password and host not in HERE:
            raise NotTaken("the mail server offers no encryption: no password is sent to it")
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server
