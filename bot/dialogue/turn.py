"""One turn: what came in, what is known, and what the conversation makes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from bot.dialogue.helped_queries import Helped
from bot.dialogue.message import BuyerNamed, Message, Personal, PersonNamed
from bot.dialogue.queries import Query, Unanswered
from bot.dialogue.reply import FIRST, Button, Line, Picture, Reply, Value, Voice
from bot.dialogue.session import Session
from bot.dialogue.told import PassedOn
from bot.language.understanding import Understanding
from domain.codes import derived_id, receipt_code
from domain.events import ConsentGiven, ConsentWithdrawn, Event, Purpose
from domain.geography import speaks_southern
from domain.household import Household, Person

SPACE = UUID("5a6b1d0e-7f0c-4a51-9a43-1c2f4d8e9b10")  # namespace of every id derived from a message
CONSENT_VERSION = 1  # of the wording to which people say yes


@dataclass(frozen=True, slots=True)
class Rules:
    """Settings that the conversation needs.

    `languages`: (code, own name); `asked`: (code, folded words that ask for it; code empty: ask which).
    """

    controller: str | None = None
    retention_months: int = 24
    order_hours: int = 12
    public_url: str = "http://127.0.0.1:8000"
    help_phone: str | None = None
    language: str = FIRST
    languages: tuple[tuple[str, str], ...] = ()
    asked: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(slots=True)
class Turn:
    """`respond` fills `replies`, `events`, `personal`, `drafts` and `session`; nothing else comes out.

    `drafts` tells which card a receipt code was saved from, `codes` how many codes were handed out.
    `understood` is None when no words came. `person` is always there: a contact with a random id
    before consent. `household` is None until it is registered. `on` is today, as the person sees it.
    `as_worker`: only the conversations of people with a role are met (see `bot.dialogue.audience`).
    `passed`: what others are told of it, in the same transaction. `helped`: a worker writes in this book.
    """

    message: Message
    understood: Understanding | None
    session: Session
    person: Person
    household: Household | None
    rules: Rules = Rules()
    answers: Mapping[Query, Any] = field(default_factory=dict)
    code_of: Callable[[UUID, int], str] = receipt_code
    replies: list[Reply] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    personal: list[Personal] = field(default_factory=list)
    passed: list[PassedOn] = field(default_factory=list)
    codes: int = 0
    drafts: dict[str, str] = field(default_factory=dict)
    as_worker: bool = False
    helped: Helped | None = None
    on: dt.date = field(init=False)

    def __post_init__(self) -> None:
        self.on = self.message.on

    @property
    def at(self) -> dt.datetime:
        """When the message was sent."""
        return self.message.sent_at

    @property
    def language(self) -> str:
        """What the person chose, else that of the page on which they write, else the setting."""
        chosen = self.person.language or self.session.language
        return chosen or self.message.language or self.rules.language

    @property
    def voice(self) -> Voice:
        """How the person is spoken to at this moment of the turn."""
        southern = self.person.southern
        if southern is None:
            southern = self.household is not None and speaks_southern(self.household.province)
        who = self.person
        return Voice(who.you, who.me, who.name, southern, self.language, worker=self.as_worker)

    def say(
        self,
        *lines: Line,
        buttons: tuple[Button, ...] = (),
        picture: Picture | None = None,
    ) -> None:
        """Answer one message made of these lines."""
        self.replies.append(Reply(lines, buttons, picture, self.voice))

    def tell(self, key: str, *buttons: Button, **values: Value) -> None:
        """Answer one message of a single piece."""
        self.say(Line(key, values), buttons=buttons)

    def lead(self, *lines: Line) -> None:
        """Put these lines before those of the last reply, in the same message."""
        last = self.replies.pop()
        self.replies.append(replace(last, lines=(*lines, *last.lines)))

    def id(self, name: str | None = None) -> UUID:
        """An id that the same message always gives again."""
        part = name or str(len(self.events))
        return derived_id(SPACE, f"{self.message.id}/{part}")

    def fact(self, event: type[Any], **fields: Any) -> None:
        """Add an event of this kind, with who, when, where and through what filled in.

        A worker's act names the `household` that it is about, with its province and commune.
        """
        home, about = self.household, dict[str, Any](household=None)
        if home is not None and "household" not in fields:
            about = {"household": home.id, "province": home.province, "commune": home.commune}
        about["person"] = self.person.id
        if self.helped is not None:
            about |= {"person": self.helped.person, "worker": self.person.id}
        self.events.append(
            event(
                id=self.id(),
                at=self.at,
                channel=self.message.channel,
                **{**about, **fields},
            )
        )

    def new_code(self) -> str:
        """The household's next receipt code; no two are alike."""
        assert self.household is not None
        code = self.code_of(self.household.id, self.household.codes + self.codes)
        self.codes += 1
        return code

    def query(self, query: Query) -> Any:
        """What the store answers to a typed query; asks the runner for it the first time."""
        if query not in self.answers:
            raise Unanswered(query)
        return self.answers[query]

    def keep(self, personal: Personal) -> None:
        """Keep something personal beside the events, where it can be erased."""
        self.personal.append(personal)

    def know(self, **fields: Any) -> None:
        """Change what is known of the person, from the next reply on."""
        self.person = replace(self.person, **fields)
        own = {k: v for k, v in fields.items() if k in ("name", "southern", "language")}
        if own:
            self.keep(PersonNamed(**own))

    def give_consent(self, purpose: Purpose) -> None:
        """A clear yes to one purpose, under its own question."""
        if purpose not in self.person.consents:
            self.fact(ConsentGiven, purpose=purpose, version=CONSENT_VERSION)
            self.person = replace(self.person, consents=self.person.consents | {purpose})

    def withdraw_consent(self, purpose: Purpose) -> None:
        """A purpose that counts no longer, from now on."""
        self.fact(ConsentWithdrawn, purpose=purpose, version=CONSENT_VERSION)
        self.person = replace(self.person, consents=self.person.consents - {purpose})

    def buyer_ref(self, name: str) -> str:
        """The reference of a buyer of this name; a new one if the household has not sold to them."""
        assert self.household is not None
        for ref, other in self.household.buyers:
            if other == name:
                return ref
        new = [p for p in self.personal if isinstance(p, BuyerNamed)]
        for buyer in new:
            if buyer.name == name:
                return buyer.ref
        ref = f"b{self.household.buyer_count + len(new) + 1}"
        self.keep(BuyerNamed(ref, name))
        return ref
