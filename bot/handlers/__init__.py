"""Every conversation, in the order in which they are asked whether a message is theirs."""

from bot.handlers import (
    dealings,
    fallback,
    improve,
    ledger,
    my_figures,
    order_news,
    orders,
    photos,
    privacy,
    products,
    profile,
    returns,
    sales,
    start,
)

HANDLERS = (
    start.HANDLER,
    improve.HANDLER,
    privacy.HANDLER,
    order_news.HANDLER,
    orders.HANDLER,
    sales.HANDLER,
    dealings.HANDLER,
    returns.HANDLER,
    ledger.HANDLER,
    photos.HANDLER,
    products.HANDLER,
    my_figures.HANDLER,
    profile.HANDLER,
    fallback.HANDLER,
)
