"""A worker looks at what households say, one after the other: confirm, put off, dispute with a reason."""

from __future__ import annotations

from bot.dialogue.check_queries import ClaimToDecide, OpenClaims
from bot.dialogue.handler import Handler
from bot.dialogue.reply import Button, Line
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested
from bot.drafts.claims import made_values, ref_of, show_claim
from domain.checks import REASONS, Claim, Verdict, decided, decision_id, is_repeat, refused
from domain.roles import acting


def _claims(turn: Turn) -> bool:
    return bool(turn.person.roles) and requested(turn, "checks.see")


def _begin(turn: Turn, _ref: str = "") -> None:
    if not _may(turn):
        return
    waiting: tuple[Claim, ...] = turn.query(OpenClaims())
    if waiting:
        show_claim(turn, waiting[0], Line("worker.checks", {"count": len(waiting)}))
    else:
        turn.tell("worker.checks_none")


def _may(turn: Turn) -> bool:
    if acting(turn.person.roles):
        return True
    turn.tell("worker.reads_only" if turn.person.roles else "role.none")
    return False


def _later(turn: Turn, ref: str) -> None:
    """The one after this; it stays undecided."""
    if not _may(turn):
        return
    waiting: tuple[Claim, ...] = turn.query(OpenClaims())
    places = [_which(ref_of(claim)) for claim in waiting]
    place = places.index(_which(ref)) + 1 if _which(ref) in places else 0
    if place < len(waiting):
        show_claim(turn, waiting[place])
    else:
        turn.tell("worker.checks_end")


def _which(ref: str) -> str:
    return ref.rpartition("/")[0]


def _confirm(turn: Turn, ref: str) -> None:
    _decide(turn, ref, "confirm", None)


def _dispute(turn: Turn, ref: str) -> None:
    """First where it doesn't agree: one of a few reasons."""
    claim = _claim(turn, ref)
    if claim is None:
        return
    buttons = (
        Button(f"claim.reason:{ref}/{reason}", f"button.reason_{reason}")
        for reason in REASONS[claim.subject]
    )
    turn.tell("worker.ask_reason", *buttons)


def _reason(turn: Turn, ref: str) -> None:
    which, _, reason = ref.rpartition("/")
    _decide(turn, which, "dispute", reason)


def _claim(turn: Turn, ref: str) -> Claim | None:
    """What the button is about, role and area looked at now; who may not is told so."""
    home, subject, code, _ = f"{ref}///".split("/", 3)
    if not _may(turn):
        return None
    found: Claim | None = None
    if subject in REASONS:
        found = turn.query(ClaimToDecide(home, subject, code))
    if found is None:
        turn.tell("old.gone")
    return found


def _decide(turn: Turn, ref: str, verdict: Verdict, reason: str | None) -> None:
    claim = _claim(turn, ref)
    if claim is None:
        return
    seen = ref.rpartition("/")[2]
    if not is_repeat(claim, turn.person.id, verdict, seen):
        why = refused(claim, turn.person.id, verdict, seen, reason)
        if why is not None:
            turn.tell(f"worker.refused_{why}", **made_values(turn, claim.decision))
            return
        _store(turn, claim, verdict, seen, reason)
    _done(turn, ref, verdict)


def _store(turn: Turn, claim: Claim, verdict: Verdict, seen: str, reason: str | None) -> None:
    known = next((one for one in REASONS[claim.subject] if one == reason), None)
    kind, own = decided(claim, verdict, known)
    about = {"household": claim.household, "province": claim.province, "commune": claim.commune}
    fact = kind(
        id=decision_id(claim, turn.person.id, verdict, seen),
        at=turn.at,
        person=turn.person.id,
        channel=turn.message.channel,
        sample=claim.sample,
        **about,
        **own,
    )
    turn.events.append(fact)


def _done(turn: Turn, ref: str, verdict: Verdict) -> None:
    """What was done; the next one is a tap away."""
    key = "worker.confirmed" if verdict == "confirm" else "worker.disputed"
    turn.tell(key, Button(f"claim.later:{ref}", "button.next_check"))


HANDLER = Handler(
    name="checks",
    claims=_claims,
    begin=_begin,
    taps={
        "checks.see": _begin,
        "claim.confirm": _confirm,
        "claim.later": _later,
        "claim.dispute": _dispute,
        "claim.reason": _reason,
    },
    aside=True,
    of_roles=True,
)
