"""*hôm nay*: the area in numbers, what to do first; then one thing after the other, each with its action."""

from __future__ import annotations

from bot.dialogue.handler import Handler
from bot.dialogue.reply import Button, Clock, Day, Joined, Line, Lines, Name, Value
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested, says_today
from bot.dialogue.worker_queries import ToDo, WorkerDay, WorkerTask
from bot.drafts.areas import own_name
from bot.drafts.households import household_short, since
from domain.household import ZONE
from domain.roles import COUNTRY

SOON = 3  # the last part of the time to answer in which an order is about to expire
FIRST, NEXT = 2, 4  # tasks under the counts, and in a later look
AREAS = 2  # named in the greeting


def _claims(turn: Turn) -> bool:
    return bool(turn.person.roles) and (requested(turn, "worker.day") or says_today(turn))


def _begin(turn: Turn, _ref: str = "") -> None:
    found = _to_do(turn, FIRST)
    if found is None:
        turn.tell("role.none")
        return
    values = _greeting(turn, found)
    if not (found.new or found.quiet or found.help or found.tasks):
        turn.tell("worker.none", _see_all(), **values)
        return
    lines = _lines(turn, found.tasks, first=1)
    buttons = (_next_button(0), _see_all()) if found.tasks else (_see_all(),)
    counts: dict[str, Value] = {"new": found.new, "quiet": found.quiet, "help": found.help}
    turn.tell("worker.morning", *buttons, **values, **counts, tasks=lines, rest=_rest(found))


def _to_do(turn: Turn, most: int, skip: int = 0) -> ToDo | None:
    soon = max(turn.rules.order_hours // SOON, 1)
    found: ToDo | None = turn.query(WorkerDay(soon, most, skip))
    return found


def _greeting(turn: Turn, found: ToDo) -> dict[str, Value]:
    named: list[Value] = [_area(key) for key in found.areas[:AREAS]]
    if len(found.areas) > AREAS:
        others = {"count": len(found.areas) - AREAS}
        named.append(Lines((Line("worker.more_areas", others),)))
    return {"commune": Joined(tuple(named)), "date": Day(turn.on, turn.on)}


def _area(key: str) -> Value:
    if key == COUNTRY:
        return Name("role.country")
    return own_name(key)


def _rest(found: ToDo) -> int | str:
    """Nothing to say when these are all."""
    return found.left or ""


def _see_all() -> Button:
    return Button("role.page", "button.see_all")


def _next_button(skip: int) -> Button:
    return Button(f"worker.next:{skip}", "button.see_help" if not skip else "button.see_next")


# One after the other


def _next(turn: Turn, ref: str) -> None:
    skip = int(ref) if ref.isdecimal() else 0
    found = _to_do(turn, NEXT, skip)
    if found is None:
        turn.tell("role.none")
    elif not found.tasks:
        turn.tell("worker.no_more", _see_all())
    else:
        after = skip + len(found.tasks)
        actions = [b for b in map(_action, found.tasks) if b is not None]
        more = (_next_button(after),) if found.left else ()
        lines = _lines(turn, found.tasks, first=skip + 1)
        turn.tell("worker.tasks", *actions, *more, _see_all(), tasks=lines)


def _action(task: WorkerTask) -> Button | None:
    """What is done about it, by the household's code."""
    if task.who is None:
        return Button("checks.see", "button.see_checks") if task.kind == "checks" else None
    action = f"help.reply:{task.ref}" if task.kind == "question" else f"worker.see:{task.who.code}"
    return Button(action, "button.plain", {"text": task.who.code})


def _lines(turn: Turn, tasks: tuple[WorkerTask, ...], first: int) -> Lines:
    return Lines(tuple(_line(turn, task, n) for n, task in enumerate(tasks, start=first)))


def _line(turn: Turn, task: WorkerTask, number: int) -> Line:
    if task.who is None:
        return Line(f"worker.task_{task.kind}", {"number": number, "count": task.count})
    fact = Lines((Line(f"worker.fact_{task.kind}", _values(turn, task)),))
    return Line(
        "worker.task", {"number": number, "household": household_short(task.who), "fact": fact}
    )


def _values(turn: Turn, task: WorkerTask) -> dict[str, Value]:
    assert task.since is not None
    if task.kind == "question":
        return {"time": since(turn, task.since)}
    if task.kind == "order":
        return {"order": task.ref, "time": Clock(task.since, turn.on)}
    return {"days": (turn.on - task.since.astimezone(ZONE).date()).days}


HANDLER = Handler(
    name="worker_day",
    claims=_claims,
    begin=_begin,
    taps={"worker.day": _begin, "worker.next": _next},
    aside=True,
    of_roles=True,
)
