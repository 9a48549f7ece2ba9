"""Publishing the figures of some months."""

from __future__ import annotations

import datetime as dt

from bot.commands.figures import catch_up
from bot.commands.output import Given, Mistake, Output
from bot.services import Services

WHY = {
    "early": "--to: the month is not over yet",
    "empty": "no figure is known of these months",
    "same": "nothing has changed since these months were published",
    "reason": "--note: these months were published before; say why again, in at most 500 characters",
}


async def publish(services: Services, given: Given, out: Output) -> int:
    """Freeze the figures of these months; the publication's id, alone on standard output."""
    from bot.publishing import NotPublished
    from bot.publishing import publish as freeze
    from bot.summary import BadQuestion, ask

    now, smallest = dt.datetime.now(dt.UTC), services.settings.min_cell
    await catch_up(services, out)
    try:
        question = ask(given["from"], given["to"], provinces=given["provinces"])
        fact = await services.db.write(
            lambda tx: freeze(tx, question, now=now, reason=given["note"], min_cell=smallest)
        )
    except BadQuestion as wrong:
        raise Mistake(f"--{wrong}") from None
    except NotPublished as why:
        raise Mistake(WHY[why.why]) from None
    out.say(f"{fact.start}_{fact.end}_{fact.revision}")
    return 0
