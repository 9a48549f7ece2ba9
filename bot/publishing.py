"""Publishing: the figures of some months are frozen as an event, as they were printed."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection

from bot.changes import key_of
from bot.definitions import versions
from bot.dialogue.publishing_queries import Hindrance
from bot.locales.catalogue import FIRST, languages
from bot.locales.spoken import speaking, spoken, text
from bot.place_name import place_or_all
from bot.revisions import shown
from bot.small_cells import MIN_CELL
from bot.summarise import summarise
from bot.summary import Definition, EvidenceParts, Figure, Parts, Question, Summary, ask
from bot.summary_text import withheld
from domain.household import ZONE
from domain.indicators import INDICATORS, month_of
from domain.publication_events import LONGEST_REASON, PublishedFigure, SummaryPublished
from storage.figures import standing
from storage.publications import hold_figures, publications, published_body
from storage.store import append

BESIDE = {"figures", "published", "changes", "changed_since_fetched"}
"""What of a summary is not words: the figures stand by themselves, the rest compares them."""


class NotPublished(ValueError):
    """Why these months can't be published now."""

    def __init__(self, why: Hindrance) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Ready:
    """What would be published: the fields of the event, and the summary that they come from."""

    summary: Summary
    fields: dict[str, Any]

    @property
    def revision(self) -> int:
        """1 for the first publication of these months."""
        return int(self.fields["revision"])


def publish(  # noqa: PLR0913 who, what, when and why
    tx: Connection,
    question: Question,
    *,
    now: dt.datetime,
    reason: str | None = None,
    min_cell: int = MIN_CELL,
    channel: str = "command",
    person: UUID | None = None,
) -> SummaryPublished:
    """Freeze the question's months as they stand; NotPublished says why not."""
    ready = make_ready(tx, question, now, min_cell)
    check_reason(ready, reason)
    fact = SummaryPublished(
        id=uuid4(), at=now, channel=channel, person=person, reason=reason, **ready.fields
    )
    append(tx, [fact])
    return fact


def make_ready(
    tx: Connection, question: Question, now: dt.datetime, min_cell: int = MIN_CELL
) -> Ready:
    """What a publication would freeze: every event up to now, and none more until the transaction ends."""
    if question.end >= month_of(now.astimezone(ZONE)):
        raise NotPublished("early")
    hold_figures(tx)
    country = whole_country(question)
    every = publications(tx, country.start, country.end)
    with speaking(FIRST):
        found = summarise(tx, country, min_cell)
    figures = tuple(_frozen(figure) for figure in found.figures)
    if all(figure.value is None for figure in found.figures):
        raise NotPublished("empty")
    if every and _same(figures, published_body(tx, every[-1].event), country):
        raise NotPublished("same")
    stands = standing(tx)
    fields = {
        "start": country.start,
        "end": country.end,
        "provinces": country.provinces,
        "revision": len(every) + 1,
        "xact": stands.xact,
        "position": stands.position,
        "min_cell": min_cell,
        "figures": figures,
        "words": found.model_dump(mode="json", by_alias=True, exclude=BESIDE),
        "notes": _notes(tx, country, min_cell) if found.notes else {},
        "sample": found.sample,
    }
    return Ready(found, fields)


def _notes(tx: Connection, country: Question, min_cell: int) -> dict[str, tuple[str, ...]]:
    """What is said of the figures in the other languages."""
    told = {}
    for language in languages():
        if language != FIRST:
            with speaking(language):
                told[language] = tuple(summarise(tx, country, min_cell).notes)
    return told


def check_reason(ready: Ready, reason: str | None) -> None:
    """A revision says why, the first publication need not; NotPublished otherwise."""
    said = (reason or "").strip()
    if (ready.revision > 1 and not said) or len(said) > LONGEST_REASON:
        raise NotPublished("reason")


def whole_country(question: Question) -> Question:
    """These months for everybody: by platform and by province, few households withheld."""
    by = ["province", "platform"]
    return ask(question.start, question.end, by=by, provinces=question.provinces)


def frozen(body: SummaryPublished) -> Summary:
    """The summary as it was published, in the words of then."""
    figures = [_thawed(one, body) for one in body.figures]
    found = Summary.model_validate(body.words | {"figures": figures})
    in_order = {key: found.definitions[key] for key in INDICATORS if key in found.definitions}
    found = found.model_copy(update={"definitions": in_order})  # a database keeps no order of names
    return found if spoken() == FIRST else _translated(found, body)


def _translated(found: Summary, body: SummaryPublished) -> Summary:
    """In the words of the language that is spoken; notes of before there were others stay as they are."""
    notes = body.notes.get(spoken(), tuple(found.notes))
    groups = [
        one.model_copy(update={"name": text(f"decision_468.{one.status}")})
        for one in found.decision_468
    ]
    meant = {key: _meant(key, one) for key, one in found.definitions.items()}
    return found.model_copy(
        update={"definitions": meant, "decision_468": groups, "notes": list(notes)}
    )


def _meant(key: str, one: Definition) -> Definition:
    """The definition of then in another language; its own words where that version is no longer known."""
    return next((each for each in versions(key) if each.version == one.version), one)


def _frozen(figure: Figure) -> PublishedFigure:
    key = key_of(figure)
    cell = PublishedFigure(indicator=key.indicator, province=key.province, platform=key.platform)
    if withheld(figure):
        return cell
    evidence = {name: part for name, part in asdict(figure.evidence).items() if part}
    parts = {"bot": figure.source.bot, "reported": figure.source.reported}
    return cell.model_copy(update={"value": figure.value, "evidence": evidence, **parts})


def _thawed(one: PublishedFigure, body: SummaryPublished) -> Figure:
    nothing: dict[str, int | None] = dict.fromkeys(asdict(EvidenceParts())) if one.withheld else {}
    return Figure(
        indicator=one.indicator,
        month=None,
        province=place_or_all(one.province, body.provinces),
        platform=one.platform,
        value=one.value,
        source=Parts(bot=one.bot, reported=one.reported),
        evidence=EvidenceParts(**nothing | one.evidence),
        display=shown(one, body.min_cell),
    )


def _same(
    figures: tuple[PublishedFigure, ...], before: SummaryPublished, country: Question
) -> bool:
    """Whether nothing would be new in a revision."""
    return before.provinces == country.provinces and before.figures == figures
