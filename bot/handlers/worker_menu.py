"""What there is for somebody with a role and no book of their own, whenever no other conversation answers."""

from __future__ import annotations

from bot.dialogue.handler import Handler
from bot.dialogue.reply import Button
from bot.dialogue.turn import Turn
from bot.dialogue.words import said, typed_option
from bot.drafts.report_draft import reporting
from domain.roles import acting, is_commune

_DAY = Button("worker.day", "button.worker_day")
_FIND = Button("worker.find", "button.find_household")
_COURSES = Button("course.see", "button.courses")
_MESSAGES = Button("broadcast.write", "button.message_area")
_PAGE = Button("role.page", "button.role_page")
_INVITE = Button("role.invite", "button.invite")
_FOR_ACTING = (_DAY, _FIND, _COURSES, _MESSAGES, _PAGE, _INVITE)
_FOR_READERS = (_DAY, _FIND, _COURSES, _PAGE)
_FIGURES = Button("programme.now", "button.programme.now")  # of more than a commune
_REPORT = Button("report.new", "button.report.new")


def _gate(turn: Turn) -> bool:
    """*thôi, cảm ơn, ừ…* without a question, and leaving one, lead here."""
    task = turn.session.newest
    if not turn.as_worker or said(turn) is None or typed_option(turn):
        return False
    if task is not None and said(turn) != "cancel":
        return False
    if task is not None:
        turn.session.close(task.draft)
    _menu(turn)
    return True


def _menu(turn: Turn) -> None:
    roles = turn.person.roles
    wide = any(not is_commune(role.area) for role in roles)
    own = _FOR_ACTING if acting(roles) else _FOR_READERS
    report = (_REPORT,) if reporting(roles) else ()
    turn.tell("role.menu", *own, *((_FIGURES,) if wide else ()), *report)


HANDLER = Handler(
    name="worker_menu",
    gate=_gate,
    claims=lambda turn: turn.as_worker,
    begin=_menu,
    of_roles=True,
)
