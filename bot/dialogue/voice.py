"""Voice notes: what was heard is shown, asked where two readings differ, and never stored unseen.

A heard message may open and change cards. Whatever would store something is not done: the words are shown,
and a tap does it. Only a *yes* that was heard right under a sale's card counts as that tap.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from bot.dialogue.address import learn_address
from bot.dialogue.forms import CARD
from bot.dialogue.handler import Handler
from bot.dialogue.message import Personal, PersonNamed, Puzzle, Tap, Text, Voice
from bot.dialogue.reply import Amount, Button, Money, Value
from bot.dialogue.session import HeardWords, Session
from bot.dialogue.turn import Turn
from bot.dialogue.words import known_of, said, text_of, typed_option
from bot.language.figures_heard import Figure, Figures, figures_heard
from bot.language.understand import understand
from bot.language.vocabulary import decent
from domain.events import AddressChosen, SaleLogged
from domain.fold import fold

LONGEST = 60  # seconds
PROBLEMS = ("long", "not_sound", "many", "unavailable", "failed", "off")
RIGHT, FIRST, SECOND, AGAIN = "voice.right", "voice.first", "voice.second", "voice.again"
CHOICES = (RIGHT, FIRST, SECOND, AGAIN)
SAY_AGAIN = ("noi lai", "noi lai di", "de noi lai", "ghi am lai")  # as folded


def heard(turn: Turn, _: Sequence[Handler]) -> bool:
    """What was heard is shown, or why nothing was; two hearings that differ are put side by side."""
    content = turn.message.content
    if not isinstance(content, Voice):
        return False
    if _nothing_heard(turn, content):
        return True
    text = str(content.text)
    turn.session.heard = remembered(turn, text, content.other)
    if content.other is not None and _ask_which(turn, text, content.other):
        return True
    learn_address(turn)
    turn.tell("voice.heard", text=decent(text))
    return False


def _nothing_heard(turn: Turn, content: Voice) -> bool:
    if content.ahead is not None:
        key = "voice.ahead" if content.ahead else "voice.next"
        turn.tell(key, count=content.ahead)
    elif content.seconds > LONGEST:
        turn.tell("voice.long")
    elif content.problem in PROBLEMS:
        turn.tell(f"voice.{content.problem}")
    elif not content.text:
        turn.tell("voice.empty")
    else:
        return False
    return True


def remembered(turn: Turn, text: str, other: str | None = None) -> HeardWords:
    """What was open before these words, so that they can be taken back."""
    session, before = turn.session, turn.session.heard
    options = before.options if before is not None and before.asked else session.options
    return HeardWords(
        text=text,
        other=other,
        at=turn.at,
        token=turn.id("heard").hex[:8],
        tasks=copy.deepcopy(session.tasks),
        idle=session.idle,
        options=list(options),
    )


# Two hearings


def _ask_which(turn: Turn, first: str, second: str) -> bool:
    """Whether they differ in money, quantity, order or answer: then it is asked."""
    known = known_of(turn.household, turn.person)
    one, two = (figures_heard(text, turn.on, known) for text in (first, second))
    if one == two:
        return False
    assert turn.session.heard is not None
    turn.session.heard.asked = True
    again = _button(turn, AGAIN, "button.say_again")
    pair = _only_difference(one, two)
    if pair is None:
        first_one = _button(turn, FIRST, "button.sentence", number=1)
        second_one = _button(turn, SECOND, "button.sentence", number=2)
        both = {"first": decent(first), "second": decent(second)}
        turn.tell("voice.which", first_one, second_one, again, **both)
        return True
    key = "voice.unclear" if pair[0].money else "voice.unclear_quantity"
    low, high = sorted(zip(pair, (FIRST, SECOND), strict=True), key=lambda p: p[0].value)
    buttons = [
        _button(turn, act, "button.money", sum=_shown(figure)) for figure, act in (low, high)
    ]
    turn.tell(key, *buttons, again, low=_shown(low[0]), high=_shown(high[0]))
    return True


def _only_difference(one: Figures, two: Figures) -> tuple[Figure, Figure] | None:
    """The one sum or quantity in which they differ; None when more is different."""
    if one[1:] != two[1:] or len(one.figures) != len(two.figures):
        return None
    pairs = [(a, b) for a, b in zip(one.figures, two.figures, strict=True) if a != b]
    if len(pairs) != 1 or pairs[0][0].money != pairs[0][1].money:
        return None
    return pairs[0]


def _shown(figure: Figure) -> Value:
    return Money(int(figure.value)) if figure.money else Amount(figure.value, figure.unit)


def _button(turn: Turn, action: str, key: str, **values: Value) -> Button:
    assert turn.session.heard is not None
    return Button(f"{action}:{turn.session.heard.token}", key, values)


# What somebody says of what was heard


def choice(turn: Turn, words: HeardWords | None) -> str | None:
    """The button of ours that was tapped, or that the words mean; None: they mean something else."""
    content = turn.message.content
    if words is None or isinstance(content, Voice):
        return None
    button = content.button if isinstance(content, Tap) else typed_option(turn)
    action, _, token = (button or "").partition(":")
    if action in CHOICES and token == words.token:
        return action
    meant = None if isinstance(content, Tap) else _typed(turn, words)
    if meant is None and words.asked:
        _show_again(turn.session, words)
    return meant


def _typed(turn: Turn, words: HeardWords) -> str | None:
    if fold(text_of(turn)).strip(" .!") in SAY_AGAIN:
        return AGAIN
    if not words.asked:
        return None
    if said(turn) in ("no", "cancel"):
        return AGAIN
    return RIGHT if said(turn) in ("yes", "save") and words.other is None else None


def take_back(turn: Turn, words: HeardWords) -> None:
    """As if nothing had been heard."""
    session = turn.session
    session.tasks, session.idle = words.tasks, words.idle
    _show_again(session, words)
    session.heard = None


def _show_again(session: Session, words: HeardWords) -> None:
    """The buttons of what was asked before are meant."""
    session.options, session.spoken = words.options, []


def say_for(turn: Turn, words: HeardWords, meant: str) -> None:
    """The turn goes on as if its person had typed the words, or had been heard to say one of the two."""
    text = words.other if meant == SECOND and words.other else words.text
    content = Text(text) if meant == RIGHT else Voice(1, text)
    day = replace(turn.message, sent_at=words.at).on
    turn.message = replace(turn.message, content=content)
    turn.understood = understand(text, day, known_of(turn.household, turn.person))


def forgotten(turn: Turn, words: HeardWords | None) -> None:
    """What was heard can be said again once; of a stranger it is not even kept for that."""
    content, session = turn.message.content, turn.session
    waits = isinstance(content, Voice) and content.ahead is not None
    if session.heard is None or waits:
        return
    stranger = "ledger" not in turn.person.consents and not turn.person.roles
    if session.heard is words or (stranger and not session.heard.asked):
        session.heard = None


# Nothing unseen is stored


@dataclass(frozen=True, slots=True)
class Before:
    """A turn as it was before its words were answered."""

    session: Session
    kept: dict[str, Any]

    @classmethod
    def of(cls, turn: Turn) -> Before:
        names = ("person", "household", "message", "understood", "codes", "helped")
        kept = {name: getattr(turn, name) for name in names}
        lists = ("replies", "events", "personal", "passed", "drafts")
        kept |= {name: copy.copy(getattr(turn, name)) for name in lists}
        return cls(turn.session.model_copy(deep=True), kept)

    def back(self, turn: Turn, session: Session) -> None:
        """The turn as it was; its session is the same object with what stood in it."""
        for name, value in self.kept.items():
            setattr(turn, name, value)
        for name in Session.model_fields:
            setattr(session, name, getattr(self.session, name))
        turn.session = session

    def was_card(self, turn: Turn) -> bool:
        """Whether a bare *yes* was heard under a card, which it saved."""
        task = self.session.task
        saved = all(isinstance(event, SaleLogged | AddressChosen) for event in turn.events)
        return saved and task is not None and task.step == CARD and said(turn) in ("yes", "save")


@contextmanager
def surely(turn: Turn) -> Iterator[None]:
    """Around the stages: what was heard and would store something is asked about instead."""
    content, session = turn.message.content, turn.session
    if not isinstance(content, Voice) or not content.text:
        yield
        return
    before = Before.of(turn)
    yield
    if not _stores(turn):
        return
    if before.was_card(turn):
        session.heard = None  # it is saved: nothing is taken back by saying it again
    else:
        before.back(turn, session)
        ask_if_right(turn, content.text)


def _stores(turn: Turn) -> bool:
    """Whether the words changed more than the talk itself."""
    words = turn.understood
    learnt = words is not None and bool(words.speaker or words.called)
    events = [e for e in turn.events if not (learnt and isinstance(e, AddressChosen))]
    personal = [p for p in turn.personal if not _is_passing(p)]
    return bool(events or personal or turn.passed)


def _is_passing(item: Personal) -> bool:
    """How somebody speaks, and what nobody understood: kept of everything that is said."""
    if isinstance(item, PersonNamed):
        return item == PersonNamed(southern=item.southern)
    return isinstance(item, Puzzle)


def ask_if_right(turn: Turn, text: str) -> None:
    """The words in quotation marks, and the tap that does what they say."""
    turn.session.heard = remembered(turn, text)
    turn.session.heard.asked = True
    right = _button(turn, RIGHT, "button.heard_right")
    again = _button(turn, AGAIN, "button.say_again")
    turn.tell("voice.sure", right, again, text=decent(text))
