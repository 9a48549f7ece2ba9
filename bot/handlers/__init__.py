"""Every conversation, in the order in which they are asked whether a message is theirs."""

from bot.handlers import figures, fallback, ledger, orders, privacy, products, profile, sales, start

HANDLERS = (
    start.HANDLER,
    privacy.HANDLER,
    orders.HANDLER,
    sales.HANDLER,
    ledger.HANDLER,
    products.HANDLER,
    figures.HANDLER,
    profile.HANDLER,
    fallback.HANDLER,
)
