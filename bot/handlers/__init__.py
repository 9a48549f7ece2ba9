"""Every conversation, in the order in which they are asked whether a message is theirs."""

from bot.handlers import (
    fallback,
    ledger,
    my_data,
    my_figures,
    orders,
    products,
    profile,
    sales,
    start,
)

HANDLERS = (
    start.HANDLER,
    my_data.HANDLER,
    orders.HANDLER,
    sales.HANDLER,
    ledger.HANDLER,
    products.HANDLER,
    my_figures.HANDLER,
    profile.HANDLER,
    fallback.HANDLER,
)
