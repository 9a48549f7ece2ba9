"""Forms: slots filled by what was said, the missing ones asked one at a time, a card, a tap to confirm.

Back, skip, correction by name, several slots at once and the buttons of older cards are done here, once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from pydantic import BaseModel

from bot.dialogue.reply import Button, Line, Name, Value
from bot.dialogue.session import BACK_STEPS, Task
from bot.dialogue.turn import Turn

D = TypeVar("D", bound=BaseModel)

CARD = "card"  # the step at which everything is known and the card waits for its tap
WHICH = "which"  # the step at which the person says what to change


def _none(*_: object) -> None:
    return None


def _unchanged(_turn: Turn, draft: D, _slot: str) -> D:
    return draft


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
    `card` shows the draft; it gets the draft as it was before a change, or None. `named` lists the slots
    that the person may choose to change: slot name -> key of its button.
    """

    name: str
    draft: type[D]
    slots: tuple[Slot[D], ...]
    merge: Callable[[Turn, D], D | None]
    card: Callable[[Turn, D, D | None, str], None]
    named: tuple[tuple[str, str], ...] = ()
    complete: Callable[[Turn, D, str], D] = _unchanged

    def start(self, turn: Turn, draft: D) -> None:
        """Open a new draft, ask what is missing or show the card."""
        self.resume(turn, self.task(turn), draft)

    def task(self, turn: Turn) -> Task:
        """A new task of this form, not yet open; the same message always gives the same token."""
        token = turn.id(f"{self.name}/{len(turn.events)}").hex[:10]
        return Task(
            handler=self.name, step=CARD, draft=token, message=turn.message.id, opened_at=turn.at
        )

    def resume(self, turn: Turn, task: Task, draft: D, before: D | None = None) -> None:
        """Go on with this draft: the first missing slot is asked, or the card is shown."""
        missing = next((s for s in self.slots if s.missing(turn, draft)), None)
        step = missing.name if missing else CARD
        if task.slots and task.step != step:
            task.past = [*task.past, (task.step, task.slots)][-BACK_STEPS:]
        task.step, task.slots = step, draft.model_dump(mode="json", exclude_none=True)
        turn.session.open(task)
        if missing:
            missing.ask(turn, draft, task.draft)
            return
        task.shown += 1
        self.card(turn, draft, before, f"{task.draft}.{task.shown}")

    def ask(self, turn: Turn, task: Task) -> None:
        """Put the question of this task's step again."""
        draft = self.draft.model_validate(task.slots)
        turn.session.open(task)
        if task.step == WHICH:
            self._ask_which(turn, task)
        elif task.step == CARD:
            self.card(turn, draft, None, f"{task.draft}.{task.shown}")
        else:
            self._slot(task.step).ask(turn, draft, task.draft)

    def answer(self, turn: Turn, task: Task) -> bool:
        """Read the words as the answer to the step, or as a correction of any slot by name."""
        draft = self.draft.model_validate(task.slots)
        filled = None
        if task.step not in (CARD, WHICH):
            filled = self._slot(task.step).answer(turn, draft)
        if filled is not None:
            filled = self.complete(turn, filled, task.step)
        else:
            filled = self.merge(turn, draft)
        if filled is None or filled == draft:
            return self._refused(turn, task, draft)
        self.resume(turn, task, filled, self._before(task, draft))
        return True

    def skip(self, turn: Turn, task: Task) -> bool:
        """Leave the asked slot open, where that is possible."""
        if task.step in (CARD, WHICH):
            return False
        draft = self.draft.model_validate(task.slots)
        filled = self._slot(task.step).skip(turn, draft)
        if filled is None:
            return False
        self.resume(turn, task, filled)
        return True

    def picked(self, turn: Turn, ref: str) -> bool:
        """A choice was tapped: `draft:slot=value`. False when that draft is no longer open."""
        token, _, choice = ref.partition(":")
        task = turn.session.find(token)
        if task is None:
            return False
        slot, _, value = choice.partition("=")
        draft = self.draft.model_validate(task.slots)
        filled = self._slot(slot).pick(turn, draft, value)
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
        turn.session.open(task)
        self._ask_which(turn, task)
        return True

    def change(self, turn: Turn, ref: str) -> bool:
        """The slot to change was chosen: ask it, whatever it holds. False when the draft is gone."""
        token, _, slot = ref.partition(":")
        task = turn.session.find(token)
        if task is None:
            return False
        task.past = [*task.past, (CARD, task.slots)][-BACK_STEPS:]
        task.step = slot
        self.ask(turn, task)
        return True

    def taken(self, turn: Turn, ref: str) -> tuple[Task, D] | None:
        """The draft behind a card's button, while it is open."""
        task = turn.session.find(ref.partition(".")[0])
        if task is None:
            return None
        return task, self.draft.model_validate(task.slots)

    def is_newest(self, task: Task, ref: str) -> bool:
        """Whether a card's button belongs to the version of the card that was shown last."""
        return ref.partition(".")[2] in ("", str(task.shown))

    def _refused(self, turn: Turn, task: Task, draft: D) -> bool:
        """Say why the answer cannot be taken and ask once more; False when there is nothing to say."""
        if task.step in (CARD, WHICH):
            return False
        reason = self._slot(task.step).refuse(turn, draft)
        if reason is None:
            return False
        self.ask(turn, task)
        question = turn.replies.pop()
        turn.replies.append(replace(question, lines=(reason, *question.lines)))
        return True

    def _before(self, task: Task, draft: D) -> D | None:
        """The draft as the person saw it on its card, when this is a change of it."""
        if task.step in (CARD, WHICH):
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

    def _slot(self, name: str) -> Slot[D]:
        return next(s for s in self.slots if s.name == name)


def option(form: str, draft: str, slot: str, value: str, key: str, **values: Value) -> Button:
    """A button that fills a slot: its id carries the draft, the slot and the value."""
    return Button(f"{form}.set:{draft}:{slot}={value}", key, values)


def task_name(handler: str) -> Name:
    """How a task is called when we come back to it."""
    return Name(f"task.{handler}")
