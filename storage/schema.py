"""Every table, once for SQLite and PostgreSQL. Typed columns; JSON only where what is kept is open-ended.

`event` is append-only, `rollup` is derived from it; the rest is current state. Whatever is personal stands in
columns that `storage.personal` can erase.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    Uuid,
    false,
    text,
)

from storage.types import CurrentTransaction, Exact, Json, Moment, Number

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Messages in

inbox = Table(
    "inbox",
    metadata,
    Column("id", Text, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("sender", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("state", String(10), nullable=False),  # done, failed
    Column("said", Json),  # words, button or kind; only with consent
    Index(None, "channel", "sender", "received_at"),
    Index(
        "ix_inbox_failed",
        "state",
        sqlite_where=text("state = 'failed'"),
        postgresql_where=text("state = 'failed'"),
    ),
    Index(None, "received_at"),
)

# News that waits for the next message of whom it is for

held_news = Table(
    "held_news",
    metadata,
    Column("id", Text, primary_key=True),  # the message's, claimed already
    Column("channel", String(20), nullable=False),
    Column("address", Text, nullable=False),
    Column("kind", String(20), nullable=False),  # see bot.waiting_news
    Column("body", Json, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Index(None, "channel", "address"),
)

# Messages out

UNSENT = text("done_at IS NULL")
OF_BROADCAST = text("broadcast IS NOT NULL")

outbox = Table(
    "outbox",
    metadata,
    Column("position", Number, primary_key=True, autoincrement=True),
    Column("id", Uuid, nullable=False, unique=True),
    Column("channel", String(20), nullable=False),
    Column("recipient", Text, nullable=False),
    Column("message", Text),  # what it answers
    Column("urgency", SmallInteger, nullable=False),  # see storage.outbox
    Column("body", Json),
    Column("state", String(10), nullable=False),  # waiting, leased, sent, inline, failed
    Column("made_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),  # not before; while leased, when the lease ends
    Column("done_at", Moment),
    Column("tries", SmallInteger, nullable=False, server_default="0"),
    Column("ref", Text),  # what the channel calls it
    Column("reason", Text),
    Column("forget_at", Moment),
    Column("broadcast", Uuid),  # the message to an area that this one carries
    Column(
        "doubts", SmallInteger, nullable=False, server_default="0"
    ),  # see storage.broadcast_lease
    Index(
        "ix_outbox_broadcast",
        "broadcast",
        "state",
        sqlite_where=OF_BROADCAST,
        postgresql_where=OF_BROADCAST,
    ),
    Index(
        "ix_outbox_unsent",
        "channel",
        "urgency",
        "position",
        sqlite_where=UNSENT,
        postgresql_where=UNSENT,
    ),
    Index(
        "ix_outbox_queue",
        "channel",
        "recipient",
        "position",
        sqlite_where=UNSENT,
        postgresql_where=UNSENT,
    ),
    Index(None, "channel", "recipient", "position"),
    Index(None, "message"),
    Index(None, "made_at"),
    sqlite_autoincrement=True,
)

# Voice notes

voice_note = Table(
    "voice_note",  # those that wait to be recognised; gone once they were
    metadata,
    Column("position", Number, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),  # the message's
    Column("channel", String(20), nullable=False),
    Column("sender", Text, nullable=False),
    Column("sent_at", Moment, nullable=False),
    Column("taken_at", Moment, nullable=False),
    Column("seconds", Integer, nullable=False),  # as the channel says
    Column("language", String(10)),  # that of the page on which it was spoken
    Column("source", Text),  # where the channel fetches it
    Column("audio", LargeBinary),  # or what came
    Column("tries", SmallInteger, nullable=False, server_default="0"),
    Column("due_at", Moment, nullable=False),  # not before: somebody listens to it
    Column("told", Boolean, nullable=False, server_default=false()),  # its place in the queue
    Index(None, "channel", "sender", "position"),
    sqlite_autoincrement=True,
)

voice_kept = Table(
    "voice_kept",  # for improving recognition, of people who agreed to that
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid, nullable=False, index=True),
    Column("at", Moment, nullable=False, index=True),
    Column("audio", LargeBinary, nullable=False),
    Column("text", Text, nullable=False),  # as it was heard
    Column("engine", String(20), nullable=False),
)

# Messages to an area

SENDING = text("state = 'sending'")

broadcast = Table(
    "broadcast",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid, nullable=False),  # who wrote it
    Column("role", String(20), nullable=False),  # as what
    Column("area", String(20), nullable=False),
    Column("platform", String(20)),
    Column("quiet", SmallInteger),  # days without a sale
    Column("step", String(20)),
    Column("text", Text, nullable=False),
    Column("state", String(20), nullable=False),  # see domain.broadcasts
    Column("made_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("recipients", Integer),  # none until they stand in broadcast_part
    Column("handed_on", Integer, nullable=False, server_default="0"),  # so many had their turn
    Column("left_out", Integer, nullable=False, server_default="0"),  # of these, got none after all
    Column("fed_at", Moment),
    Index(None, "person", "made_at"),
    Index("ix_broadcast_sending", "fed_at", sqlite_where=SENDING, postgresql_where=SENDING),
)

broadcast_part = Table(
    "broadcast_part",
    metadata,
    Column("broadcast", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("people", LargeBinary, nullable=False),  # ids of persons, 16 bytes each
)

broadcast_turn = Table(
    "broadcast_turn",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("holder", Uuid, nullable=False),  # the one process that sends them there
    Column("until", Moment, nullable=False),
)

# Who talks

session = Table(
    "session",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("address", Text, primary_key=True),
    Column("contact", Uuid, nullable=False),  # who it is until they consent: a random id
    Column("body", Json, nullable=False),
    Column("last_at", Moment, nullable=False),
    Index(None, "last_at"),
)

identity = Table(
    "identity",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("address", Text, primary_key=True),
    Column("person", Uuid, nullable=False, index=True),
    Column("since", Moment, nullable=False),
    Column("blocked_at", Moment),  # when nothing of ours went through; over when they write again
    Column("chosen_at", Moment),  # news come here, not where was written last
)

link_code = Table(
    "link_code",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("person", Uuid, nullable=False, index=True),  # whose another machine becomes with it
    Column("paper", Boolean, nullable=False),  # handed out by a worker, good for longer
    Column("made_by", Uuid, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("used_at", Moment),
)

person = Table(
    "person",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("household", Uuid, index=True),
    Column("name", Text),
    Column("name_key", Text),  # the folded name, to search by
    Column("phone", Text),
    Column("you", Text),
    Column("me", Text),
    Column("southern", Boolean),
    Column("language", String(20)),  # as chosen; null: what the setting says
)

consent = Table(
    "consent",
    metadata,
    Column("person", Uuid, primary_key=True),
    Column("purpose", String(20), primary_key=True),
    Column("scope", Text, primary_key=True),  # empty: standing
    Column("version", Integer, nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    Column("paper", Uuid),  # the photo of what was signed
)

review = Table(
    "review",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid, nullable=False, index=True),  # goes with the person's consent
    Column("kind", String(20), nullable=False),  # lost, corrected
    Column("text", Text, nullable=False),  # without names, numbers and places
    Column("understood", Json, nullable=False),
    Column("corrected", Json),
    Column("southern", Boolean),
    Column("province", String(10)),
    Column("at", Moment, nullable=False, index=True),
)

# What a household has

household = Table(
    "household",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("code", String(20), nullable=False, unique=True),
    Column("province", String(10), nullable=False),
    Column("commune", String(10), nullable=False),
    Column("registered_at", Moment, nullable=False),
    Column("codes", Integer, nullable=False, server_default="0"),  # receipt codes handed out
    Column("buyer_count", Integer, nullable=False, server_default="0"),
    Column("order_count", Integer, nullable=False, server_default="0"),  # orders that we numbered
    Column("night_news", Boolean, nullable=False, server_default=false()),  # wants news at night
    Column(
        "version", BigInteger, nullable=False, server_default="0"
    ),  # another one with every change
    Column("sample", Boolean, nullable=False),
    Column("erased_at", Moment),
    # What its list is sorted and filtered by: see storage.standings
    Column("seen", Boolean, nullable=False, server_default=false()),  # a member lets workers look
    Column("quiet_since", Date, nullable=False, server_default="2000-01-01"),  # joined or last sold
    Column("first_sold_on", Date),
    Column("last_sold_on", Date),
    Column("month_from", Date),  # the first sale of the newest month with one
    Column("month_vnd", BigInteger, nullable=False, server_default="0"),  # that month's total
    Column("before_from", Date),  # the first sale of the newest month but one
    Column("first_listed_at", Moment),
    Column("listings", Integer, nullable=False, server_default="0"),  # products on platforms now
    Column("products", Integer, nullable=False, server_default="0"),  # that were ever listed
    Column("unpictured", Integer, nullable=False, server_default="0"),
    Column("far_prices", Integer, nullable=False, server_default="0"),
    Column("first_ordered_at", Moment),  # on a platform
    Column("unanswered", Integer, nullable=False, server_default="0"),  # orders
    Index(None, "province", "commune"),
    Index(None, "commune"),
)

household_code = Table(
    "household_code",
    metadata,
    Column("prefix", String(10), primary_key=True),
    Column("given", Integer, nullable=False),
)

product = Table(
    "product",
    metadata,
    Column("household", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),  # the folded name
    Column("name", Text, nullable=False),
    Column("code", String(20)),
    Column("unit", Text),
    Column("unit_price_vnd", BigInteger),
    Column("last_vnd", BigInteger),
    Column("last_unit", Text),
    Column("stock", Exact),
    Column("stars", SmallInteger),
    Column("group", String(20)),
    Column("photo", Uuid),
    Column("used_at", Moment, nullable=False),
    Column("evidence", String(20), nullable=False, server_default="said"),  # of its stars
    Index(None, "household", "code"),
)

listing = Table(
    "listing",
    metadata,
    Column("household", Uuid, primary_key=True),
    Column("code", String(20), primary_key=True),
    Column("platform", String(20), primary_key=True),
    Column("listed_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
)

photo = Table(
    "photo",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("household", Uuid, nullable=False, index=True),
    Column("jpeg", LargeBinary, nullable=False),
)

usual_price = Table(
    "usual_price",
    metadata,
    Column("province", String(10), primary_key=True),
    Column("key", Text, primary_key=True),  # the product's folded name
    Column("unit", Text, primary_key=True),
    Column("vnd", BigInteger, nullable=False),  # the median of those that are offered
    Column("homes", Integer, nullable=False),  # that offer it
)

buyer = Table(
    "buyer",
    metadata,
    Column("household", Uuid, primary_key=True),
    Column("ref", String(20), primary_key=True),
    Column("name", Text, nullable=False),
    Column("number", Integer, nullable=False),
)

UNMATCHED = text('"order" IS NULL AND struck_at IS NULL')

entry = Table(
    "entry",
    metadata,
    Column("household", Uuid, primary_key=True),
    Column("code", String(20), primary_key=True),
    Column("draft", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("items", Json, nullable=False),
    Column("total_vnd", BigInteger, nullable=False),
    Column("date", Date, nullable=False),
    Column("platform", String(20), nullable=False),
    Column("evidence", String(20), nullable=False),
    Column("logged_at", Moment, nullable=False),
    Column("province", String(10)),
    Column("commune", String(10)),
    Column("order", Text),
    Column("buyer", String(20)),
    Column("changed_at", Moment),
    Column("struck_at", Moment),
    Column("returned_at", Moment),
    Column("worker", Uuid),  # who wrote it down in the household's place
    Column("answer", String(10)),  # what the household says of that: right, wrong
    Index(None, "household", "logged_at"),
    Index(None, "household", "date"),
    Index(None, "household", "draft"),
    Index(None, "household", "message"),
    Index(
        "ix_entry_unmatched",
        "household",
        "total_vnd",
        "date",
        sqlite_where=UNMATCHED,
        postgresql_where=UNMATCHED,
    ),
)

# What workers looked into

UNASKED = text("told_at IS NULL AND due_at IS NOT NULL")

certificate = Table(
    "certificate",
    metadata,
    Column("household", Uuid, primary_key=True),
    Column("code", String(20), primary_key=True),  # of its product
    Column("number", Text),
    Column("stars", SmallInteger, nullable=False),
    Column("issued", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("photo", Uuid),
    Column("told_by", Uuid, nullable=False),
    Column("told_at", Moment, nullable=False),
)

decision = Table(
    "decision",
    metadata,
    Column("household", Uuid, primary_key=True),
    Column("subject", String(20), primary_key=True),  # sale, certificate, place
    Column("ref", String(20), primary_key=True),  # the code; empty: the place
    Column("state", String(20), nullable=False),
    Column("reason", String(20)),
    Column("worker", Uuid, nullable=False),
    Column("at", Moment, nullable=False),
    Column("event", Uuid, nullable=False),
    Column("answered_at", Moment),
    Column("due_at", Moment),  # when the household is asked; none: it is not
    Column("told_at", Moment),
    Index("ix_decision_unasked", "due_at", sqlite_where=UNASKED, postgresql_where=UNASKED),
)

month_total = Table(
    "month_total",
    metadata,
    Column("household", Uuid, primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("total_vnd", BigInteger, nullable=False),
    Column("sales", Integer, nullable=False),
)

shop = Table(
    "shop",
    metadata,
    Column("platform", String(20), primary_key=True),
    Column("shop", Text, primary_key=True),
    Column("household", Uuid, nullable=False, index=True),
    Column("linked_at", Moment, nullable=False),
)

# Questions to workers

WAITS_FOR_WORKER = text("waits = 'worker'")
NOT_TOLD = text("told_at IS NULL")

help_thread = Table(
    "help_thread",
    metadata,
    Column("help", String(20), primary_key=True),
    Column("household", Uuid, nullable=False, index=True),
    Column("person", Uuid, nullable=False),  # the member who asked or was written to
    Column("worker", Uuid),  # who has it; none: nobody yet
    Column("waits", String(10)),  # for the worker, the household; none: closed
    Column("since", Moment, nullable=False),  # when it began to wait
    Column("opened_at", Moment, nullable=False),
    Column("answered_at", Moment),  # the first time
    Index(
        "ix_help_thread_waiting",
        "since",
        sqlite_where=WAITS_FOR_WORKER,
        postgresql_where=WAITS_FOR_WORKER,
    ),
)

help_message = Table(
    "help_message",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("help", String(20), nullable=False),
    Column("household", Uuid, nullable=False, index=True),
    Column("person", Uuid, nullable=False),
    Column("side", String(10), nullable=False),  # household, worker
    Column("at", Moment, nullable=False),
    Column("text", Text, nullable=False),
    Index(None, "help", "at"),
)

help_news = Table(
    "help_news",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("help", String(20), nullable=False, index=True),
    Column("household", Uuid, nullable=False, index=True),
    Column("person", Uuid, nullable=False),  # who is told
    Column("kind", String(20), nullable=False),
    Column("message", Uuid),
    Column("worker", Uuid),  # who is named
    Column("due_at", Moment, nullable=False),
    Column("told_at", Moment),
    Index("ix_help_news_untold", "due_at", sqlite_where=NOT_TOLD, postgresql_where=NOT_TOLD),
)

# Orders

UNTOLD = text("told_at IS NULL")
WAITING = text("state = 'placed'")
IN_DOUBT = text("doubt IS NOT NULL")
NAMED = text("buyer_name IS NOT NULL OR buyer_phone IS NOT NULL OR destination IS NOT NULL")

orders = Table(
    "orders",
    metadata,
    Column("platform", String(20), primary_key=True),
    Column("number", Text, primary_key=True),
    Column("household", Uuid),  # none: of a shop that nobody linked yet
    Column("shop", Text),
    Column("source", String(10), nullable=False, server_default="platform"),
    Column("state", String(20), nullable=False),
    Column("items", Json, nullable=False),
    Column("total_vnd", BigInteger, nullable=False),
    Column("placed_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("deadline", Moment),
    Column("answered_at", Moment),  # when the household said yes or no
    Column("completed_at", Moment),
    Column("ended_at", Moment),  # completed, cancelled, expired
    Column("paid_at", Moment),
    Column("code", String(20)),
    Column("held", Json),  # of the stock, from confirmation on
    Column("doubt", Json),  # receipt codes of the logged sales that it may be
    Column("cancelled_by", String(20)),
    Column("cancel_reason", Text),
    Column("buyer", String(20)),
    Column("buyer_name", Text),
    Column("buyer_phone", Text),
    Column("destination", Text),
    Column("buyer_forgotten_at", Moment),
    Index(None, "household", "state"),
    Index(None, "platform", "shop"),
    Index(None, "household", "placed_at"),
    Index("ix_orders_answers", "placed_at", "deadline", "answered_at", "state"),
    Index("ix_orders_deadline", "deadline", sqlite_where=WAITING, postgresql_where=WAITING),
    Index("ix_orders_doubt", "household", sqlite_where=IN_DOUBT, postgresql_where=IN_DOUBT),
    Index("ix_orders_named", "ended_at", sqlite_where=NAMED, postgresql_where=NAMED),
)

order_link = Table(
    "order_link",
    metadata,
    Column("hash", String(64), primary_key=True),  # of the word in the buyer's address
    Column("platform", String(20), nullable=False),
    Column("number", Text, nullable=False),
    Column("form", Uuid, nullable=False, unique=True),  # a form sent twice is one order
    Column("made_at", Moment, nullable=False),
    Index(None, "platform", "number"),
)

order_news = Table(
    "order_news",
    metadata,
    Column("platform", String(20), primary_key=True),
    Column("number", Text, primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("household", Uuid, nullable=False, index=True),
    Column("due_at", Moment, nullable=False),
    Column("told_at", Moment),
    Index("ix_order_news_due", "due_at", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
)

bank_account = Table(
    "bank_account",
    metadata,
    Column("household", Uuid, primary_key=True),
    Column("bank", String(20), nullable=False),  # our key of it
    Column("account", String(20), nullable=False),
    Column("holder", Text, nullable=False),  # as the bank prints it
    Column("person", Uuid, nullable=False),  # who gave it
    Column("given_at", Moment, nullable=False),
)

UNDECIDED = text("until IS NULL AND confirmed_at IS NULL AND disputed_at IS NULL")

digital_address = Table(
    "digital_address",
    metadata,
    Column("id", Uuid, primary_key=True),  # of this version; events name it
    Column("household", Uuid, nullable=False),
    Column("code", String(20), nullable=False),  # a plus code
    Column("commune", String(10), nullable=False),
    Column("person", Uuid, nullable=False),  # who gave it
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    Column("confirmed_at", Moment),
    Column("disputed_at", Moment),
    Column("decided_by", Uuid),  # the worker
    Index(None, "household", "until"),
    Index(
        "ix_digital_address_undecided",
        "since",
        sqlite_where=UNDECIDED,
        postgresql_where=UNDECIDED,
    ),
)

address_news = Table(
    "address_news",
    metadata,
    Column("id", Uuid, primary_key=True),  # of the event
    Column("household", Uuid, nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("address", Uuid),
    Column("worker", Uuid),
    Column("due_at", Moment, nullable=False),
    Column("told_at", Moment),
    Index("ix_address_news_due", "due_at", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
)

receipt_link = Table(
    "receipt_link",
    metadata,
    Column("hash", String(64), primary_key=True),  # of the word in the buyer's address
    Column("household", Uuid, nullable=False, index=True),
    Column("code", String(20), nullable=False),
    Column("shown", String(64), nullable=False),  # what the receipt said then, as signs
    Column("made_at", Moment, nullable=False),
)

# Training

course = Table(
    "course",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("form", Uuid, nullable=False, unique=True),  # the event that made it: once
    Column("title", Text, nullable=False),
    Column("venue", Text, nullable=False),
    Column("province", String(10), nullable=False),
    Column("commune", String(10), nullable=False),
    Column("starts", Moment, nullable=False),
    Column("ends", Moment, nullable=False),
    Column("day", Date, nullable=False),  # in Vietnam
    Column("platform", String(20)),  # none: about both, or about neither
    Column("capacity", Integer),
    Column("by", Uuid, nullable=False),  # who holds it
    Column("sign", String(4), nullable=False),  # the digits on the board
    Column("word", String(30), nullable=False, unique=True),  # what the link ends with
    Column("made_at", Moment, nullable=False),
    Column("came", Integer, nullable=False, server_default="0"),
    Column("unnamed", Integer, nullable=False, server_default="0"),  # of them only counted
    Column("called_at", Moment),  # when the area was invited
    Column("held_at", Moment),
    Column("cancelled_at", Moment),
    Index("uq_course_sign", "province", "day", "sign", unique=True),
    Index(None, "commune", "day"),
    Index(
        "ix_course_uncounted",
        "ends",
        sqlite_where=text("came > 0 AND held_at IS NULL AND cancelled_at IS NULL"),
        postgresql_where=text("came > 0 AND held_at IS NULL AND cancelled_at IS NULL"),
    ),
)

course_person = Table(
    "course_person",
    metadata,
    Column("course", String(20), primary_key=True),
    Column("person", Uuid, primary_key=True, index=True),
    Column("answer", String(10)),  # going, not_going
    Column("attended_at", Moment),
    Column("rating", String(10)),
    Column("wish", Text),
)

attendee = Table(
    "attendee",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("course", String(20), nullable=False),
    Column("key", String(64), nullable=False),  # of name and phone: once a course
    Column("name", Text),
    Column("phone", Text, index=True),
    Column("person", Uuid, index=True),  # who checked in with this phone, and counts for it
    Column("by", Uuid),  # none: typed at the link
    Column("people", SmallInteger, nullable=False),  # 0: counted before
    Column("listed_at", Moment, nullable=False),
    Column("struck_at", Moment),
    Index("uq_attendee_course_key", "course", "key", unique=True),
    Index(
        "ix_attendee_named",
        "listed_at",
        sqlite_where=text("name IS NOT NULL OR phone IS NOT NULL"),
        postgresql_where=text("name IS NOT NULL OR phone IS NOT NULL"),
    ),
)

course_news = Table(
    "course_news",
    metadata,
    Column("course", String(20), primary_key=True),
    Column("person", Uuid, primary_key=True, index=True),
    Column("kind", String(20), primary_key=True),
    Column("due_at", Moment, nullable=False),
    Column("told_at", Moment),
    Index("ix_course_news_due", "due_at", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
)

wrong_code = Table(
    "wrong_code",
    metadata,
    Column("person", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("count", SmallInteger, nullable=False),
)

# Households with potential

OPEN_SUPPORT = text("ended_at IS NULL")

potential = Table(
    "potential",
    metadata,
    Column("household", Uuid, primary_key=True),
    Column("score", SmallInteger, nullable=False),  # 0 to 100, see domain.potential
    Column("record", Json, nullable=False),  # the whole numbers that it rests on
    Index(None, "score", "household"),
)

support = Table(
    "support",
    metadata,
    Column("id", Uuid, primary_key=True),  # of the event that began it
    Column("household", Uuid, nullable=False, index=True),
    Column("worker", Uuid, nullable=False),
    Column("score", SmallInteger, nullable=False),  # when it began
    Column("began_at", Moment, nullable=False, index=True),
    Column("ended_at", Moment),
    Column("ended_by", Uuid),
    Index(
        "uq_support_open",
        "household",
        unique=True,
        sqlite_where=OPEN_SUPPORT,
        postgresql_where=OPEN_SUPPORT,
    ),
)

support_peer = Table(
    "support_peer",
    metadata,
    Column("support", Uuid, primary_key=True),
    Column("household", Uuid, primary_key=True, index=True),  # like it on that day, not supported
)

support_change = Table(
    "support_change",
    metadata,
    Column("support", Uuid, primary_key=True),
    Column("days", SmallInteger, primary_key=True),
    Column("measure", String(10), primary_key=True),  # see domain.support
    Column("before", BigInteger, nullable=False),
    Column("after", BigInteger, nullable=False),
    Column("others", BigInteger),  # the median change of the peers; none: too few of them
    Column("peers", SmallInteger, nullable=False),  # that had no support in that time
)

# Facts and figures

event = Table(
    "event",
    metadata,
    Column("position", Number, primary_key=True, autoincrement=True),
    Column("id", Uuid, nullable=False, unique=True),
    Column("type", String(30), nullable=False),
    Column("at", Moment, nullable=False),
    Column("household", Uuid),
    Column("person", Uuid),
    Column("province", String(10)),
    Column("commune", String(10)),
    Column("month", String(7)),  # in which it happened, where that is not when it was said
    Column("body", Json, nullable=False),
    Column("xact", BigInteger, nullable=False, server_default=CurrentTransaction()),
    Index("ix_event_order", "xact", "position"),
    Index(None, "household", "position"),
    sqlite_autoincrement=True,
)

rollup = Table(
    "rollup",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("until", String(7), primary_key=True),
    Column("province", String(10), primary_key=True),
    Column("commune", String(10), primary_key=True),
    Column("platform", String(20), primary_key=True),
    Column("indicator", String(40), primary_key=True),
    Column("source", String(10), primary_key=True),
    Column("evidence", String(20), primary_key=True),
    Column("amount", BigInteger, nullable=False),
)

SEVERAL_MONTHS = text("month <> until")

# As `rollup`, by province; the order of the keys is that in which they are summed up.
rollup_place = Table(
    "rollup_place",
    metadata,
    Column("indicator", String(40), primary_key=True),
    Column("province", String(10), primary_key=True),  # a key of one of the two sets
    Column("old_province", String(10), primary_key=True),  # of the 63; empty: can't be told
    Column("platform", String(20), primary_key=True),
    Column("source", String(10), primary_key=True),
    Column("evidence", String(20), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("until", String(7), primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Index(
        "ix_rollup_place_long",
        "month",
        "until",
        sqlite_where=SEVERAL_MONTHS,
        postgresql_where=SEVERAL_MONTHS,
    ),
    sqlite_with_rowid=False,
)

# Which kinds of events made up the figures: `cause` as in `domain.causes`.
rollup_cause = Table(
    "rollup_cause",
    metadata,
    Column("indicator", String(40), primary_key=True),
    Column("province", String(10), primary_key=True),
    Column("old_province", String(10), primary_key=True),
    Column("platform", String(20), primary_key=True),
    Column("source", String(10), primary_key=True),
    Column("cause", String(40), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("until", String(7), primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Column("events", BigInteger, nullable=False),  # that touched it
    sqlite_with_rowid=False,
)

# What was published, and what stood in it

publication = Table(
    "publication",
    metadata,
    Column("first", String(7), primary_key=True),  # month
    Column("last", String(7), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("event", Uuid, nullable=False, unique=True),
    Column("at", Moment, nullable=False),
    Column("reason", Text),  # of a revision
)

published_cause = Table(
    "published_cause",
    metadata,
    Column("event", Uuid, primary_key=True),
    Column("province", String(10), primary_key=True),
    Column("old_province", String(10), primary_key=True),
    Column("platform", String(20), primary_key=True),
    Column("indicator", String(40), primary_key=True),
    Column("source", String(10), primary_key=True),
    Column("cause", String(40), primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Column("events", BigInteger, nullable=False),
)

fetched = Table(
    "fetched",
    metadata,
    Column("reader", String(120), primary_key=True),  # key:NAME or person:ID
    Column("question", String(64), primary_key=True),
    Column("xact", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("state", Json, nullable=False),
    Column("before", Json),  # the state fetched before that one
)

# Per month the sums of its year up to it: a long period is made of few rows. Only what lies in one month.
rollup_to_date = Table(
    "rollup_to_date",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("indicator", String(40), primary_key=True),
    Column("province", String(10), primary_key=True),
    Column("old_province", String(10), primary_key=True),
    Column("platform", String(20), primary_key=True),
    Column("said", BigInteger, nullable=False),
    Column("confirmed", BigInteger, nullable=False),
    Column("matched", BigInteger, nullable=False),
    Column("paid", BigInteger, nullable=False),
    Column("reported", BigInteger, nullable=False),
    Column("of_bot", BigInteger, nullable=False),  # how many amounts: 0 is not the same as nothing
    Column("of_reports", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

OF_STOCKS = text("kind <> 'sold'")

# Whose transactions and steps of a stock the bot's figures are; `kind`: sold, products, accounts.
rollup_household = Table(
    "rollup_household",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("province", String(10), primary_key=True),
    Column("old_province", String(10), primary_key=True),
    Column("platform", String(20), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("household", Uuid, primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Index(
        "ix_rollup_household_stock",
        "household",
        sqlite_where=OF_STOCKS,
        postgresql_where=OF_STOCKS,
    ),
    sqlite_with_rowid=False,
)

# How many households there are: in the month, of a stock at its end.
crowd = Table(
    "crowd",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("province", String(10), primary_key=True),
    Column("old_province", String(10), primary_key=True),
    Column("platform", String(20), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("step", Integer, nullable=False),  # of a stock: how many came, less how many went
    Column("households", Integer, nullable=False),
    Index(None, "households"),
    sqlite_with_rowid=False,
)

rollup_position = Table(
    "rollup_position",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("xact", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("advanced_at", Moment),
)

report = Table(
    "report",
    metadata,
    Column("indicator", String(40), primary_key=True),
    Column("province", String(10), primary_key=True),  # empty: the country
    Column("platform", String(20), primary_key=True),  # empty: not by platform
    Column("period_from", Date, primary_key=True),
    Column("period_to", Date, primary_key=True),
    Column("value", BigInteger, nullable=False),
    Column("event", Uuid, nullable=False),
    Column("received_at", Moment, nullable=False),
    Index(
        "ix_report_period",
        *("indicator", "period_to", "period_from", "province", "platform", "received_at"),
    ),
)

province_status = Table(
    "province_status",
    metadata,
    Column("province", String(10), primary_key=True),  # a key of one of the two sets
    Column("on", Date, primary_key=True),
    Column("status", String(20), nullable=False),
    Column("document", Text),
    Column("note", Text),
    Column("event", Uuid, nullable=False),
    Column("received_at", Moment, nullable=False),
)

# What is sent in

submission = Table(
    "submission",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid),
    Column("sender", Text),  # the name of a key
    Column("channel", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("doubts", Integer, nullable=False),  # to which the sender said that it is right
    Column("state", String(10), nullable=False),  # received, checked, accepted, sent_back
    Column("reason", String(20)),
    Column("decided_by", Uuid),
    Column("decided_at", Moment),
    Column("due_at", Moment),  # when the sender may be told
    Column("told_at", Moment),
    Index(None, "at"),
    Index(None, "person", "at"),
    Index(None, "sender", "at"),
    Index(
        "ix_submission_due",
        "due_at",
        sqlite_where=text("told_at IS NULL AND due_at IS NOT NULL"),
        postgresql_where=text("told_at IS NULL AND due_at IS NOT NULL"),
    ),
)

submission_line = Table(
    "submission_line",
    metadata,
    Column("position", Number, primary_key=True, autoincrement=True),
    Column("submission", Uuid, nullable=False, index=True),
    Column("event", Uuid, nullable=False),
    Column("indicator", String(40), nullable=False),
    Column("province", String(10), nullable=False),
    Column("platform", String(20), nullable=False),
    Column("period_from", Date, nullable=False),
    Column("period_to", Date, nullable=False),
    Column("value", BigInteger, nullable=False),
    Column("adds", Boolean, nullable=False),  # on top of what stood: one news item
    Column("base", BigInteger),  # what it replaced
    Column("status", String(20)),  # under Decision 468: then `value` says nothing
    Column("document", Text),
    Column("note", Text),
    Index("ix_submission_line_cell", "indicator", "province", "platform", "period_to"),
)

article = Table(
    "article",
    metadata,
    Column("id", Uuid, primary_key=True),  # of the event
    Column("submission", Uuid, nullable=False),
    Column("province", String(10), nullable=False),  # empty: the country
    Column("date", Date, nullable=False),
    Column("title", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("same", Text, nullable=False, index=True),  # alike for every spelling of the link
    Index(None, "date"),
)

# Who may read

api_key = Table(
    "api_key",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("scope", String(40), nullable=False, server_default=""),  # words, see storage.keys
    Column("area", String(20)),
    Column("platform", String(20)),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("last_used_at", Moment),
    Column("revoked_at", Moment),
)

invitation = Table(
    "invitation",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("area", String(20), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("used_by", Uuid),
    Column("made_by", Uuid),  # none: made on the command line
    Column("withdrawn_at", Moment),
)

role = Table(
    "role",
    metadata,
    Column("person", Uuid, primary_key=True),
    Column("kind", String(20), primary_key=True),  # worker, officer, reader
    Column("area", String(20), primary_key=True),  # vn, a province's or a commune's code
    Column("given_at", Moment, nullable=False),
    Column("given_by", Uuid),
    Column("withdrawn_at", Moment),
)

sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("person", Uuid, nullable=False, index=True),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

signed_in = Table(
    "signed_in",
    metadata,
    Column("hash", String(64), primary_key=True),  # of the word in the browser's cookie
    Column("person", Uuid, nullable=False, index=True),
    Column("since", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

copy_token = Table(
    "copy_token",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("person", Uuid, nullable=False),
    Column("household", Uuid),
    Column("expires_at", Moment, nullable=False),
    Index(None, "expires_at"),
)

meta = Table(
    "meta",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", Json, nullable=False),
)

# Summaries that are sent by themselves, or opened by a link

scheduled = Table(
    "scheduled",
    metadata,
    Column("kind", String(10), primary_key=True),  # week, month
    Column("period", String(10), primary_key=True),  # the Monday after it, or the month
    Column("made_at", Moment, nullable=False),
    Column("figures", Json),  # see bot.scheduled; none: it was over when the program first ran
    Column("body", Text),  # the country's summary, until all letters are sent
)

scheduled_part = Table(
    "scheduled_part",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("period", String(10), primary_key=True),
    Column("target", String(80), primary_key=True),  # see storage.scheduled
    Column("person", Uuid, index=True),
    Column("area", String(20)),
    Column("due_at", Moment, nullable=False),  # not before; while somebody has it, when that ends
    Column("tries", SmallInteger, nullable=False, server_default="0"),
    Column("state", String(10), nullable=False),  # waiting, sent, failed
    Column("done_at", Moment),
    Column("reason", Text),
    Index(
        "ix_scheduled_part_unsent",
        "due_at",
        sqlite_where=UNSENT,
        postgresql_where=UNSENT,
    ),
)

summary_choice = Table(
    "summary_choice",
    metadata,
    Column("person", Uuid, primary_key=True),
    Column("wanted", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
)

summary_link = Table(
    "summary_link",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("person", Uuid, nullable=False, index=True),
    Column("question", Json, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)
