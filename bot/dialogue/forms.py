"""Forms: slots filled by what was said, the missing ones asked one by one, a card, a tap to confirm.

Skip, correction by name, several slots at once and buttons of older cards are done here, once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from bot.dialogue.puzzles import put_right, sentence_of
from bot.dialogue.reply import Button, Day, Line, Name, Value
from bot.dialogue.session import BACK_STEPS, Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import tells_dealing

D = TypeVar("D", bound=BaseModel)
Tap = Callable[[Turn, str], None]

CARD = "card"  # the step at which everything is known and the card waits for its tap
WHICH = "which"  # the step at which the person says what to change


def _none(*_: object) -> None:
    return None


def _unchanged(_turn: Turn, draft: D, _slot: str) -> D:
    return draft


def _whole(draft: D, _part: str) -> D:
    return draft


def _gone(turn: Turn, _ref: str) -> None:
    turn.tell("old.gone")


@dataclass(frozen=True, slots=True)
class Slot(Generic[D]):
    """One thing that a form needs: when it is missing, how it is asked, how words or a tap fill it.

    `answer` and `pick` give the draft with the slot filled, or None when they could not; `refuse` says
    why words that look like an answer cannot be taken.
    """

    name: str
    missing: Callable[[Turn, D], bool]
    ask: Callable[[Turn, D, str], None]
    answer: Callable[[Turn, D], D | None]
    pick: Callable[[Turn, D, str], D | None] = _none
    skip: Callable[[Turn, D], D | None] = _none
    refuse: Callable[[Turn, D], Line | None] = _none


@dataclass(frozen=True, slots=True)
class Form(Generic[D]):
    """A form of a handler. `merge` reads named corrections out of the words.

    `complete` adds what an answer says beyond the slot that was asked: slots that are still empty.
    `card` shows the draft; it gets the draft as it was before a change, or None. `named` lists the
    slots that the person may choose to change: slot name -> key of its button. `gone` answers a button
    whose draft is no longer open: it was saved, or left. `focus` marks the part of the draft that is to
    be changed, where a draft has several; it gets an empty name when none was chosen yet. `due` gives
    the slots that may be missing of a draft, where that is not all of them.
    """

    name: str
    draft: type[D]
    slots: tuple[Slot[D], ...]
    merge: Callable[[Turn, D], D | None]
    card: Callable[[Turn, D, D | None, str], None]
    named: tuple[tuple[str, str], ...] = ()
    complete: Callable[[Turn, D, str], D] = _unchanged
    gone: Tap = _gone
    focus: Callable[[D, str], D] = _whole
    due: Callable[[D], tuple[Slot[D], ...]] | None = None

    def start(self, turn: Turn, draft: D) -> None:
        """Open a new draft, ask what is missing or show the card."""
        self.resume(turn, self.task(turn), draft)

    def task(self, turn: Turn) -> Task:
        """A new task of this form, not yet open; the same message always gives the same token."""
        token = turn.id(f"{self.name}/{len(turn.events)}").hex[:10]
        return Task(
            handler=self.name,
            step=CARD,
            draft=token,
            message=turn.message.id,
            sentence=sentence_of(turn),
            opened_at=turn.at,
        )

    def resume(self, turn: Turn, task: Task, draft: D, before: D | None = None) -> None:
        """Go on with this draft: the first missing slot is asked, or the card is shown."""
        if before is not None:
            put_right(turn, task, _stored(before), _stored(draft))
        missing = self._missing(turn, draft)
        step = missing.name if missing else CARD
        if task.slots and task.step != step:
            task.past = [*task.past, (task.step, task.slots)][-BACK_STEPS:]
        task.step, task.slots = step, _stored(draft)
        turn.session.open(task)
        if missing:
            missing.ask(turn, draft, task.draft)
            return
        task.shown += 1
        self.card(turn, draft, before, f"{task.draft}.{task.shown}")

    def ask(self, turn: Turn, task: Task) -> None:
        """Put the question of this task's step again."""
        draft = self._draft(task)
        turn.session.open(task)
        slot = self._slot(task.step)
        if slot is not None:
            slot.ask(turn, draft, task.draft)
        elif task.step == WHICH:
            self._ask_which(turn, task)
        else:
            self.card(turn, draft, None, f"{task.draft}.{task.shown}")

    def answer(self, turn: Turn, task: Task) -> bool:
        """Read the words as the answer to the step, or as a correction of any slot by name."""
        if tells_dealing(turn):
            return False
        draft = self._draft(task)
        filled = self._answered(turn, task, draft) or self.merge(turn, draft)
        if filled == draft and task.step == CARD:
            self.ask(turn, task)  # what was said is on the card already
            return True
        if filled is None or filled == draft:
            return self._refused(turn, task, draft)
        self.resume(turn, task, filled, self._before(task, draft))
        return True

    def skip(self, turn: Turn, task: Task) -> bool:
        """Leave the asked slot open, where that is possible."""
        slot = self._slot(task.step)
        filled = slot.skip(turn, self._draft(task)) if slot else None
        if filled is None:
            return False
        self.resume(turn, task, filled)
        return True

    def taps(self) -> dict[str, Tap]:
        """The buttons that work alike in every form, by action."""
        acts = {"set": self.pick, "which": self.which, "change": self.change, "leave": self.leave}
        return {f"{self.name}.{action}": self._open_only(act) for action, act in acts.items()}

    def pick(self, turn: Turn, ref: str) -> bool:
        """A choice was tapped: `draft:slot=value`. False when that draft is no longer open."""
        token, _, choice = ref.partition(":")
        task = turn.session.find(token)
        if task is None:
            return False
        name, _, value = choice.partition("=")
        slot, draft = self._slot(name), self._draft(task)
        filled = slot.pick(turn, draft, value) if slot else None
        if filled is None:
            self.ask(turn, task)
        else:
            self.resume(turn, task, filled, self._before(task, draft))
        return True

    def which(self, turn: Turn, ref: str) -> bool:
        """[Sửa] under a card: ask which slot. False when that draft is no longer open."""
        task = turn.session.find(ref.partition(".")[0])
        if task is None:
            return False
        task.step = WHICH
        self.ask(turn, task)
        return True

    def change(self, turn: Turn, ref: str) -> bool:
        """The slot to change was chosen, `draft:slot` or `draft:slot=part`: ask it, whatever it holds."""
        token, _, choice = ref.partition(":")
        task = turn.session.find(token)
        if task is None:
            return False
        if not task.past or task.past[-1][0] != CARD:
            task.past = [*task.past, (CARD, task.slots)][-BACK_STEPS:]
        task.step, _, part = choice.partition("=")
        task.slots = _stored(self.focus(self._draft(task), part))
        self.ask(turn, task)
        return True

    def leave(self, turn: Turn, ref: str) -> bool:
        """[Thôi]: drop the draft. False when it is no longer open."""
        if turn.session.find(ref) is None:
            return False
        turn.session.close(ref)
        turn.tell("card.left")
        return True

    def take(self, turn: Turn, ref: str) -> tuple[str, D] | None:
        """The token and the draft of the card whose [Lưu] was tapped; the draft is closed.

        None when it cannot be saved as it was seen; the person is told why.
        """
        token, _, version = ref.partition(".")
        task = turn.session.find(token)
        if task is None:
            self.gone(turn, ref)
            return None
        draft = self._draft(task)
        if version not in ("", str(task.shown)):
            turn.tell("old.changed", date=Day(turn.on, turn.on))
            self.ask(turn, task)
        elif self._missing(turn, draft):
            self.resume(turn, task, draft)
        else:
            turn.session.close(token)
            return token, draft
        return None

    def _open_only(self, act: Callable[[Turn, str], bool]) -> Tap:
        def tap(turn: Turn, ref: str) -> None:
            if not act(turn, ref):
                self.gone(turn, ref)

        return tap

    def _answered(self, turn: Turn, task: Task, draft: D) -> D | None:
        """The draft with the asked slot filled, and what the answer says beyond it."""
        slot = self._slot(task.step)
        filled = slot.answer(turn, draft) if slot else None
        return None if filled is None else self.complete(turn, filled, task.step)

    def _refused(self, turn: Turn, task: Task, draft: D) -> bool:
        """Say why the answer cannot be taken and ask once more; False when there is nothing to say."""
        slot = self._slot(task.step)
        reason = slot.refuse(turn, draft) if slot else None
        if reason is None:
            return False
        self.ask(turn, task)
        turn.lead(reason)
        return True

    def _before(self, task: Task, draft: D) -> D | None:
        """The draft as the person saw it on its card, when this is a change of it."""
        if self._slot(task.step) is None:
            return draft
        if task.past and task.past[-1][0] == CARD:
            return self.draft.model_validate(task.past[-1][1])
        return None

    def _ask_which(self, turn: Turn, task: Task) -> None:
        buttons = [
            Button(f"{self.name}.change:{task.draft}:{slot}", key) for slot, key in self.named
        ]
        leave = Button(f"{self.name}.leave:{task.draft}", "button.leave")
        turn.tell("ask.which_slot", *buttons, leave)

    def _draft(self, task: Task) -> D:
        return self.draft.model_validate(task.slots)

    def _missing(self, turn: Turn, draft: D) -> Slot[D] | None:
        for slot in self.due(draft) if self.due else self.slots:
            if slot.missing(turn, draft):
                return slot
        return None

    def _slot(self, name: str) -> Slot[D] | None:
        """The slot of this name; none at the card and where it is asked what to change."""
        return next((slot for slot in self.slots if slot.name == name), None)


def _stored(draft: BaseModel) -> dict[str, Any]:
    return draft.model_dump(mode="json", exclude_none=True)


def option(form: str, draft: str, slot: str, value: str, key: str, **values: Value) -> Button:
    """A button that fills a slot: its id carries the draft, the slot and the value."""
    return Button(f"{form}.set:{draft}:{slot}={value}", key, values)


def task_name(handler: str) -> Name:
    """How a task is called when we come back to it."""
    return Name(f"task.{handler}")
