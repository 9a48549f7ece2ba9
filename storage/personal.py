"""What is personal stands in tables of its own, where it can be erased. Events and sums stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, func, select, tuple_, update

from bot.dialogue.message import (
    AccountGiven,
    AccountRemoved,
    BroadcastWords,
    BuyerNamed,
    CertificateNumbered,
    CourseNamed,
    CourseWished,
    DigitalAddressKept,
    Erasure,
    HelpWords,
    Personal,
    PersonNamed,
    PhotoKept,
    Puzzle,
)
from domain.fold import fold
from domain.phones import phone_of
from storage import accounts, attendances, broadcasts, courses, decisions, digital_addresses
from storage.fetched import forget_readers
from storage.schema import (
    address_news,
    attendee,
    bank_account,
    broadcast,
    buyer,
    certificate,
    consent,
    copy_token,
    course_news,
    course_person,
    decision,
    digital_address,
    entry,
    held_news,
    help_message,
    help_news,
    help_thread,
    household,
    identity,
    inbox,
    link_code,
    listing,
    month_total,
    order_news,
    orders,
    outbox,
    person,
    photo,
    potential,
    product,
    receipt_link,
    review,
    role,
    scheduled_part,
    session,
    shop,
    sign_in_link,
    signed_in,
    summary_choice,
    summary_link,
    support,
    support_peer,
    voice_kept,
    voice_note,
    wrong_code,
)
from storage.upsert import insert_new, upsert

OF_HOUSEHOLD = (
    address_news,
    product,
    listing,
    photo,
    buyer,
    entry,
    month_total,
    shop,
    copy_token,
    order_news,
    certificate,
    decision,
    bank_account,
    digital_address,
    receipt_link,
    help_thread,
    help_message,
    help_news,
    potential,
    support,
    support_peer,
)
OF_PERSON = (
    help_news,
    link_code,
    attendee,
    course_news,
    course_person,
    wrong_code,
    broadcast,
    copy_token,
    review,
    role,
    scheduled_part,
    sign_in_link,
    signed_in,
    summary_choice,
    summary_link,
    voice_kept,
)
REPEATED_WITHIN = dt.timedelta(days=1)  # how long the last answer is kept for a message sent again

PERSON = (
    update(person)
    .where(person.c.id == bindparam("who"))
    .values(
        name=func.coalesce(bindparam("new_name"), person.c.name),
        name_key=func.coalesce(bindparam("new_name_key"), person.c.name_key),
        southern=func.coalesce(bindparam("new_southern"), person.c.southern),
        language=func.coalesce(bindparam("new_language"), person.c.language),
        phone=func.coalesce(bindparam("new_phone"), person.c.phone),
    )
)
NEW_BUYER = upsert(buyer, ("name",))
NEW_PHOTO = insert_new(photo)
NEW_WORDS = insert_new(help_message)
NEW_PUZZLE = upsert(review, ("corrected",))  # one line a sentence, however often it is corrected


def keep(tx: Connection, who: UUID, home: UUID | None, items: Sequence[Personal]) -> None:
    """Keep a turn's personal items; an erasure among them is the caller's matter."""
    for item in items:
        KEPT[type(item)](tx, home, who, item)


def _person(tx: Connection, _: UUID | None, who: UUID, item: PersonNamed) -> None:
    values = {
        "who": item.person or who,
        "new_name": item.name,
        "new_name_key": None if item.name is None else fold(item.name),
        "new_southern": item.southern,
        "new_language": item.language,
        "new_phone": item.phone and (phone_of(item.phone) or item.phone),
    }
    tx.execute(PERSON, values)


def _buyer(tx: Connection, home: UUID | None, _: UUID, item: BuyerNamed) -> None:
    number = int(item.ref.lstrip("b"))
    named = {"household": home, "ref": item.ref, "name": item.name, "number": number}
    tx.execute(NEW_BUYER, named)


def _photo(tx: Connection, home: UUID | None, _: UUID, item: PhotoKept) -> None:
    tx.execute(NEW_PHOTO, {"id": item.id, "household": home, "jpeg": item.image})


def _puzzle(tx: Connection, _: UUID | None, who: UUID, item: Puzzle) -> None:
    tx.execute(NEW_PUZZLE, {"person": who, **asdict(item)})


def _words(tx: Connection, _: UUID | None, who: UUID, item: HelpWords) -> None:
    tx.execute(NEW_WORDS, {"person": who, **asdict(item)})


KEPT: Mapping[type, Callable[[Connection, UUID | None, UUID, Any], None]] = MappingProxyType(
    {
        PersonNamed: _person,
        BuyerNamed: _buyer,
        PhotoKept: _photo,
        Puzzle: _puzzle,
        AccountGiven: accounts.keep,
        AccountRemoved: accounts.keep,
        BroadcastWords: lambda tx, _, _who, item: broadcasts.write(tx, item.which, item.text),
        CertificateNumbered: decisions.keep_number,
        CourseNamed: courses.keep_name,
        CourseWished: attendances.keep_wish,
        DigitalAddressKept: digital_addresses.keep,
        HelpWords: _words,
        Erasure: lambda *_: None,
    }
)


Address = tuple[str, str]  # channel, address


def erase(tx: Connection, who: UUID, home: UUID | None, address: Address, now: dt.datetime) -> None:
    """All that is personal of the household and its people; their addresses are strangers' from now on."""
    people = [who]
    if home is not None:
        people += tx.scalars(select(person.c.id).where(person.c.household == home))
        _erase_household(tx, home, now)
    found = select(identity.c.channel, identity.c.address).where(identity.c.person.in_(people))
    erase_talk(tx, {address, *((c, a) for c, a in tx.execute(found))}, now)
    tx.execute(
        update(consent)
        .where(consent.c.person.in_(people), consent.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
    listed = select(person.c.phone).where(person.c.id.in_(people), person.c.phone.is_not(None))
    tx.execute(delete(attendee).where(attendee.c.phone.in_(listed)))
    for table in OF_PERSON:
        tx.execute(delete(table).where(table.c.person.in_(people)))
    forget_readers(tx, people)
    tx.execute(delete(person).where(person.c.id.in_(people)))
    tx.execute(delete(identity).where(identity.c.person.in_(people)))


def _erase_household(tx: Connection, home: UUID, now: dt.datetime) -> None:
    for table in OF_HOUSEHOLD:
        tx.execute(delete(table).where(table.c.household == home))
    tx.execute(
        update(orders)
        .where(orders.c.household == home)
        .values(buyer=None, buyer_name=None, buyer_phone=None, destination=None)
    )
    tx.execute(update(household).where(household.c.id == home).values(erased_at=now))


def erase_talk(tx: Connection, addresses: set[Address], now: dt.datetime) -> None:
    """Messages keep their ids, so that one sent again is still known; the last answer may have to go out."""
    for table in (session, held_news):
        tx.execute(delete(table).where(tuple_(table.c.channel, table.c.address).in_(addresses)))
    unheard = tuple_(voice_note.c.channel, voice_note.c.sender).in_(addresses)
    tx.execute(delete(voice_note).where(unheard))
    tx.execute(
        update(inbox)
        .where(tuple_(inbox.c.channel, inbox.c.sender).in_(addresses))
        .values(sender="", said=None)
    )
    mine = tuple_(outbox.c.channel, outbox.c.recipient).in_(addresses)
    tx.execute(
        update(outbox).where(mine, outbox.c.done_at.is_not(None)).values(recipient="", body=None)
    )
    tx.execute(
        update(outbox)
        .where(mine, outbox.c.done_at.is_(None))
        .values(forget_at=now + REPEATED_WITHIN)
    )
