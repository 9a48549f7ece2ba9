"""The API keeps what its description says, whoever asks and whatever is sent; nothing that is sent is a fault of ours.

Every route of the description is asked, new ones by themselves. Always the same requests: nothing here is random.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
import pytest
import requests
from blank import empty_database
from hypothesis import HealthCheck, settings

from bot.config import Settings
from bot.publishing import publish, whole_country
from bot.report_files import read_report_file
from bot.report_lines import check_lines
from bot.reports import import_reports
from bot.runner import Runner
from bot.services import Services
from bot.summary import ask
from storage.database import Database
from storage.keys import new_key
from storage.publications import latest_publications
from storage.rollups import advance
from web.app import create_app
from web.rate import Rate

if TYPE_CHECKING:
    from schemathesis import Case

SEED = Path(__file__).parent / "figures" / "programme-2023-06.csv"
NOW = dt.datetime.now(dt.UTC)
ADDRESS = "http://api.test"
ROLES: dict[str, dict[str, Any]] = {
    "ministry": {},
    "department": {"area": "82"},
    "platform": {"platform": "voso"},
}
CHOSEN = {
    "generation": {"deterministic": True, "max-examples": 12, "no-shrink": True},
    "checks": {
        "ignored_auth": {
            "enabled": False
        },  # asks again over the network; the last test does it here
        "positive_data_acceptance": {
            "enabled": False
        },  # a well-formed question may still be refused
    },
}
T = TypeVar("T")


class Asked:
    """The application on a loop of its own, and what one may ask of it from outside."""

    def __init__(self, folder: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.keys: dict[str, str] = {}
        self._of(self._open(folder))

    def _of(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _open(self, folder: Path) -> None:
        self._db = await empty_database(folder)
        self.publication = await _fill(self._db)
        for role, where in ROLES.items():
            self.keys[role] = await _key(self._db, role, where)
        chosen = Settings(database_url="sqlite+aiosqlite:///nowhere.db")
        self.site = create_app(Services(chosen, self._db, Runner(self._db, chosen, []), b"s" * 32))
        self.site.leave()  # open streams end at once
        self.site._pages.app.app.state.keys = Rate(burst=10**9)
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(self.site))

    def ask(self, case: Case, role: str) -> httpx.Response:
        """Send the case as it goes over the wire; the answer, after it was held against the description."""
        headers = {"Authorization": f"Bearer {self.keys[role]}"} if role in self.keys else {}
        asked = requests.Request(**case.as_transport_kwargs(ADDRESS, headers)).prepare()
        wired = httpx.Request(
            str(asked.method), str(asked.url), headers=asked.headers, content=asked.body
        )
        answer = self._of(self._client.send(wired))
        case.validate_response(answer, excluded_checks=_not_held(case))
        return answer

    def close(self) -> None:
        self._of(self._client.aclose())
        self._of(self._db.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def _not_held(case: Case) -> list[Any]:
    """What is wrong with a case may be that its key is left out: here it has one all the same."""
    from schemathesis.specs.openapi.checks import negative_data_rejection

    wanted = "security" in case.operation.definition.raw
    given = "Authorization" in (case.headers or {})
    return [negative_data_rejection] if wanted and not given else []


async def _fill(db: Database) -> str:
    """The published figures, and their publication by its id: there is something to be found."""
    lines = check_lines(read_report_file(SEED.read_bytes()), NOW.date())
    await db.write(lambda tx: import_reports(tx, lines, now=NOW))
    while await db.write(advance):
        pass
    question = whole_country(ask("2022-08", "2023-06"))
    await db.write(lambda tx: publish(tx, question, now=NOW, reason=None, min_cell=5))
    (listed,) = await db.read(lambda conn: latest_publications(conn, 9))
    return str(listed.id)


async def _key(db: Database, role: str, where: dict[str, Any]) -> str:
    return await db.write(lambda tx: new_key(tx, role, role, NOW, **where))


@pytest.fixture(scope="module")
def asked(tmp_path_factory) -> Iterator[Asked]:
    opened = Asked(tmp_path_factory.mktemp("openapi"))
    yield opened
    opened.close()


def description() -> dict[str, Any]:
    """As the application tells it; that needs no database."""
    nothing: Any = None
    site = create_app(Services(Settings(), nothing, nothing, b"s" * 32))
    return site._pages.app.app.openapi()


@pytest.fixture(scope="module")
def everything() -> Any:
    return read()


@pytest.fixture(scope="module")
def a_few() -> Any:
    """Without the edges of every field: for those who are not let in to the fields at all, or see less of the same."""
    return read(phases={"coverage": {"enabled": False}})


def read(**chosen: Any) -> Any:
    """Not when tests are collected, which every worker does: it takes seconds, as the import does."""
    import schemathesis

    config = schemathesis.Config.from_dict(CHOSEN | chosen)
    return schemathesis.openapi.from_dict(description(), config=config)


def each(schema: Any, test: Callable[[Any], None], subtests: pytest.Subtests) -> None:
    """The test with many cases of every operation; each that fails is named."""
    from schemathesis.pytest.lazy import get_all_tests

    wanted = {"schema": schema, "settings": once_each, "given_kwargs": {}}
    for built in get_all_tests(test_func=test, **wanted):
        operation, of_many_cases = built.ok()
        with subtests.test(operation.label):
            of_many_cases()


once_each = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def needs_key(context: Any) -> bool:
    return "security" in context.operation.definition.raw


def test_every_answer_to_a_platform_is_as_described_and_never_a_fault(everything, asked, subtests):
    def test(case: Any) -> None:
        asked.ask(case, "platform")

    each(everything.include(needs_key), test, subtests)


def test_every_answer_to_the_ministry_is_as_described_and_never_a_fault(
    everything, asked, subtests
):
    def test(case: Any) -> None:
        asked.ask(case, "ministry")

    each(everything.include(needs_key).exclude(path="/api/v1/orders"), test, subtests)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_answered_as_described_and_never_with_a_fault(a_few, asked, subtests, role):
    def test(case: Any) -> None:
        asked.ask(case, role)

    each(a_few.include(needs_key), test, subtests)


def test_without_a_key_nothing_opens(a_few, asked, subtests):
    def test(case: Any) -> None:
        assert not asked.ask(case, "nobody").is_success

    each(a_few.include(needs_key), test, subtests)


def test_every_answer_where_no_key_is_needed_is_as_described_and_never_a_fault(
    everything, asked, subtests
):
    def test(case: Any) -> None:
        if "publication" in case.path_parameters and len(str(case.path_parameters)) % 2:
            case.path_parameters = {"publication": asked.publication}
        asked.ask(case, "nobody")

    each(everything.exclude(needs_key), test, subtests)


def test_only_the_chat_and_what_was_published_need_no_key():
    open_to_all = {
        path
        for path, methods in description()["paths"].items()
        if any("security" not in one for one in methods.values())
    }
    assert {path.rpartition("/")[0].partition("/{")[0] for path in open_to_all} <= {
        *("/chat", "/chat/images", "/api/v1", "/api/v1/published")
    }
    assert not {path for path in open_to_all if path.startswith("/api/")} - {
        *("/api/v1/published", "/api/v1/published/{publication}")
    }
