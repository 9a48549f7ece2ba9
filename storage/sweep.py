"""What need not be kept any longer goes: old words, contacts that never consented, used-up tokens."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, bindparam, delete, exists, null, or_, select, update

from storage import attendee_list, held_news
from storage.schema import (
    broadcast,
    broadcast_part,
    copy_token,
    identity,
    inbox,
    invitation,
    link_code,
    outbox,
    review,
    session,
    sign_in_link,
    signed_in,
    summary_link,
    voice_kept,
    wrong_code,
)

WORDS_KEPT = dt.timedelta(days=30)  # what was said and answered
HELD = dt.timedelta(hours=24)  # a sentence that waits for a consent
REVIEWED = dt.timedelta(days=365)  # what waits on the review list
SIGN_INS_KEPT = dt.timedelta(days=1)  # so that a late tap is told that the time is over
DRAFTS_KEPT = dt.timedelta(days=7)  # messages to areas that were never sent
BROADCASTS_KEPT = dt.timedelta(days=365)  # what was sent to an area, with who wrote it
LET_GO = ("held", "held_at", "puzzle", "heard")  # words that wait in a session
BATCH = 1_000  # rows of a kind at a time, so that no turn waits for long

_known = exists().where(
    identity.c.channel == session.c.channel, identity.c.address == session.c.address
)
_old_inbox = (
    select(inbox.c.id)
    .where(inbox.c.received_at < bindparam("before"), inbox.c.said.is_not(None))
    .where(inbox.c.state == "done")
    .limit(BATCH)
)
_old_outbox = (
    select(outbox.c.position)
    .where(outbox.c.made_at < bindparam("before"), outbox.c.body.is_not(None))
    .where(outbox.c.done_at.is_not(None))
    .limit(BATCH)
)
_erased_outbox = (
    select(outbox.c.position)
    .where(outbox.c.forget_at < bindparam("before"), outbox.c.body.is_not(None))
    .limit(BATCH)
)
_SPOKEN = update(inbox).where(inbox.c.id.in_(_old_inbox)).values(said=null())
_ANSWERED = update(outbox).where(outbox.c.position.in_(_old_outbox)).values(body=null())
_ERASED = (
    update(outbox)
    .where(outbox.c.position.in_(_erased_outbox))
    .values(body=null(), recipient="", done_at=bindparam("now"))
)
_STRANGERS = delete(session).where(session.c.last_at < bindparam("before"), ~_known)
_HOLDING = select(session.c.channel, session.c.address, session.c.body).where(
    session.c.last_at < bindparam("before"),
    or_(*(session.c.body[key].as_string().is_not(None) for key in ("held", "puzzle", "heard"))),
)
_LET_GO = (
    update(session)
    .where(session.c.channel == bindparam("of_channel"), session.c.address == bindparam("whose"))
    .values(body=bindparam("new_body"))
)
_COPIES = delete(copy_token).where(copy_token.c.expires_at < bindparam("before"))
_REVIEW = delete(review).where(review.c.at < bindparam("before"))
_VOICES = delete(voice_kept).where(voice_kept.c.at < bindparam("before"))
_INVITATIONS = delete(invitation).where(invitation.c.expires_at < bindparam("before"))

_WRONG_CODES = delete(wrong_code).where(wrong_code.c.day < bindparam("before"))
_CODES = delete(link_code).where(link_code.c.expires_at < bindparam("before"))
_SUMMARIES = delete(summary_link).where(summary_link.c.expires_at < bindparam("before"))
_LINKS = delete(sign_in_link).where(sign_in_link.c.expires_at < bindparam("before"))
_SIGNED_IN = delete(signed_in).where(signed_in.c.expires_at < bindparam("before"))
_DRAFTS = delete(broadcast).where(
    broadcast.c.state == "draft", broadcast.c.made_at < bindparam("before")
)
_BROADCASTS = delete(broadcast).where(broadcast.c.ended_at < bindparam("before"))
_PARTS = delete(broadcast_part).where(~exists().where(broadcast.c.id == broadcast_part.c.broadcast))


def sweep(tx: Connection, now: dt.datetime) -> bool:
    """One round; True when there may be more to do at once."""
    old = {"before": now - WORDS_KEPT}
    swept = [
        tx.execute(_SPOKEN, old).rowcount,
        tx.execute(_ANSWERED, old).rowcount,
        tx.execute(_ERASED, {"before": now, "now": now}).rowcount,
    ]
    tx.execute(_STRANGERS, old)
    tx.execute(_COPIES, {"before": now})
    tx.execute(_INVITATIONS, old)
    tx.execute(_CODES, old)
    tx.execute(_SUMMARIES, {"before": now - SIGN_INS_KEPT})
    tx.execute(_LINKS, {"before": now - SIGN_INS_KEPT})
    tx.execute(_SIGNED_IN, {"before": now - SIGN_INS_KEPT})
    tx.execute(_DRAFTS, {"before": now - DRAFTS_KEPT})
    tx.execute(_BROADCASTS, {"before": now - BROADCASTS_KEPT})
    tx.execute(_PARTS)  # of those, and of people who had themselves erased
    attendee_list.forget(tx, now)
    held_news.forget_old(tx, now)
    tx.execute(_WRONG_CODES, {"before": (now - HELD).date()})
    tx.execute(_REVIEW, {"before": now - REVIEWED})
    tx.execute(_VOICES, {"before": now - REVIEWED})
    for row in tx.execute(_HOLDING, {"before": now - HELD}).all():
        body = {k: v for k, v in row.body.items() if k not in LET_GO}
        tx.execute(_LET_GO, {"of_channel": row.channel, "whose": row.address, "new_body": body})
    return max(swept) >= BATCH
