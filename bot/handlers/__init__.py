"""Every conversation, in the order in which they are asked whether a message is theirs."""

from bot.handlers import (
    dealings,
    fallback,
    improve,
    ledger,
    my_figures,
    orders,
    photos,
    privacy,
    products,
    profile,
    sales,
    start,
)

HANDLERS = (
    start.HANDLER,
    improve.HANDLER,
    privacy.HANDLER,
    orders.HANDLER,
    sales.HANDLER,
    dealings.HANDLER,
    ledger.HANDLER,
    photos.HANDLER,
    products.HANDLER,
    my_figures.HANDLER,
    profile.HANDLER,
    fallback.HANDLER,
)
