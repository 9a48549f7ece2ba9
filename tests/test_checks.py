"""What workers decide: figures move with it, nothing is overwritten, the second sees what the first decided."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from dataclasses import replace
from functools import partial
from uuid import UUID, uuid4, uuid5

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, StaticPool, create_engine, insert, select, update
from villages import HERE, THERE, appoint, fact, of, settle

from domain.certificates import Certificate
from domain.check_events import DisputeKept
from domain.checks import Claim, decision_id, unconfirmed
from domain.events import (
    HouseholdMoved,
    OrderMatched,
    ProductChanged,
    ProductListed,
    ProductWithdrawn,
    SaleCorrected,
    SaleItem,
    SaleLogged,
    SaleRestored,
    SaleWithdrawn,
)
from domain.household import Entry
from domain.orders import stronger
from domain.roles import Role
from storage import rollups
from storage.checks import claim_of, own_decision, waiting
from storage.database import JSON_OF_OURS
from storage.deciding import By, Wish, decide, give_certificate
from storage.schema import (
    entry,
    event,
    household,
    listing,
    metadata,
    product,
    rollup,
    rollup_position,
)
from storage.store import append

HOME = "DT-0001"
NOW = dt.datetime(2026, 11, 22, 3, 21, tzinfo=dt.UTC)
LAI_VUNG, COUNTRY = Role("worker", "30226"), Role("worker", "vn")
FORM = UUID(int=77)
TOLD = Certificate("TL62", 4, dt.date(2026, 1, 5), dt.date(2029, 1, 5), "12/QĐ-UBND", None)


def village(tx: Connection) -> UUID:
    """Two sales on platforms, a product with stars on both; the worker of the commune."""
    settle(tx, HOME, "Ba")
    day = dt.date(2026, 11, 20)
    for code, total, platform in (("AA11", 500_000, "voso"), ("BB22", 700_000, "postmart")):
        item = SaleItem(product="cam sành", total_vnd=total)
        own = {"code": code, "items": (item,), "total_vnd": total, "date": day}
        sale = fact(SaleLogged, HOME, code, HERE, platform=platform, **own)
        append(tx, [sale.model_copy(update={"at": NOW - dt.timedelta(days=2)})])
    goods = {"code": "TL62", "product": "tỏi", "unit_price_vnd": 120_000, "ocop_stars": 4}
    for platform in ("voso", "postmart"):
        append(tx, [fact(ProductListed, HOME, platform, HERE, platform=platform, **goods)])
    return appoint(tx, "Ngọc", "worker", "30226")


def seen(conn: Connection, subject: str = "sale", ref: str = "AA11", roles=(LAI_VUNG,)) -> Claim:
    claim = claim_of(conn, of("Ngọc"), roles, HOME, subject, ref)
    assert claim is not None
    return claim


def wish(claim: Claim, verdict: str = "confirm", reason: str | None = None) -> Wish:
    return Wish(claim.code, claim.subject, claim.ref, verdict, claim.version, reason)


def by(who: UUID) -> By:
    return By(who, "pages", NOW)


# Any order of what may happen: sums are those of what stands


def line(tx: Connection, ref: str) -> Entry:
    found = seen(tx, "sale", ref, (COUNTRY,)).entry
    assert found is not None
    return found


def own(tx: Connection, kind: type, **fields: object) -> None:
    row = tx.execute(select(household.c.province, household.c.commune)).one()
    append(tx, [fact(kind, HOME, uuid4(), (row.province, row.commune), **fields)])


def correct(tx: Connection, ref: str, total: int) -> None:
    was = line(tx, ref)
    if was.struck_at is not None:
        return
    item = SaleItem(product="cam sành", total_vnd=total)
    now = {"items": (item,), "total_vnd": total, "date": was.date, "platform": was.platform}
    evidence = unconfirmed(was.evidence)
    own(tx, SaleCorrected, code=ref, evidence=evidence, before=was.figures, **now)


def strike(tx: Connection, ref: str, _: int) -> None:
    was = line(tx, ref)
    if was.struck_at is None:
        figures = {**dict(was.figures), "total_vnd": -was.total_vnd}
        own(tx, SaleWithdrawn, code=ref, **figures)
    else:
        own(tx, SaleRestored, code=ref, **dict(was.figures))


def match(tx: Connection, ref: str, number: int) -> None:
    was = line(tx, ref)
    if was.struck_at is None:
        now = {"evidence": stronger(was.evidence, "matched"), "before": was.figures}
        own(
            tx,
            OrderMatched,
            order=str(number),
            platform=was.platform,
            code=ref,
            by="household",
            **now,
        )


def verdict(said: str, subject: str = "sale"):
    def step(tx: Connection, ref: str, _: int) -> None:
        reason = {"sale": "amount", "certificate": "certificate"}[subject]
        claim = seen(tx, subject, ref if subject == "sale" else "TL62", (COUNTRY,))
        decide(tx, by(of("Ngọc")), wish(claim, said, reason))

    return step


def keep(tx: Connection, ref: str, _: int) -> None:
    own(tx, DisputeKept, subject="sale", ref=ref)


def move(tx: Connection, _ref: str, number: int) -> None:
    province, commune = THERE if number % 2 else HERE
    append(tx, [fact(HouseholdMoved, HOME, uuid4(), (province, commune))])


def restar(tx: Connection, _ref: str, number: int) -> None:
    was = seen(tx, "certificate", "TL62", (COUNTRY,)).product
    stars = 3 + number % 3
    same = was.evidence if was.stars == stars else "said"
    before = {"stars_before": was.stars, "evidence_before": was.evidence}
    now = {"ocop_stars": stars, "evidence": same, "platforms": was.platforms}
    own(tx, ProductChanged, code="TL62", **before, **now)


def relist(tx: Connection, _ref: str, number: int) -> None:
    was = seen(tx, "certificate", "TL62", (COUNTRY,)).product
    platform = ("voso", "postmart")[number % 2]
    stars = {"ocop_stars": was.stars, "evidence": was.evidence, "platform": platform}
    if platform in was.platforms:
        own(tx, ProductWithdrawn, code="TL62", **stars)
    else:
        own(tx, ProductListed, code="TL62", product="tỏi", unit_price_vnd=1, **stars)


def tell(tx: Connection, _ref: str, number: int) -> None:
    told = replace(TOLD, stars=3 + number % 3)
    give_certificate(tx, by(of("Ngọc")), HOME, told, None, uuid4())


STEPS = (
    *(correct, strike, match, keep, move, restar, relist, tell),
    *(verdict(v, s) for v in ("confirm", "dispute") for s in ("sale", "certificate")),
)
steps = st.lists(
    st.tuples(st.sampled_from(STEPS), st.sampled_from(("AA11", "BB22")), st.integers(1, 10**6)),
    max_size=12,
)


def what_stands(conn: Connection) -> Counter:
    """Figures counted from the book and the goods as they are."""
    sums = Counter()
    for row in conn.execute(select(entry).where(entry.c.struck_at.is_(None))):
        key = (row.province, row.commune, row.platform)
        sums["transactions", *key, row.evidence] += 1
        sums["value", *key, row.evidence] += row.total_vnd
    offered = select(listing.c.platform, product.c.evidence).where(
        listing.c.code == product.c.code, listing.c.withdrawn_at.is_(None)
    )
    for platform, evidence in conn.execute(offered):
        sums["products", platform, evidence] += 1
    return Counter({key: amount for key, amount in sums.items() if amount})


def what_is_counted(conn: Connection) -> Counter:
    sums = Counter()
    for row in conn.execute(select(rollup)):
        place = () if row.indicator == "products" else (row.province, row.commune)
        sums[row.indicator, *place, row.platform, row.evidence] += row.amount
    return Counter({key: amount for key, amount in sums.items() if amount})


@pytest.fixture(scope="module")
def settled():
    """A village in memory; what a test does in it is taken back."""
    engine = create_engine("sqlite://", poolclass=StaticPool, **JSON_OF_OURS)
    with engine.begin() as tx:
        metadata.create_all(tx)
        tx.execute(insert(rollup_position), {"id": 1, "xact": 0, "position": 0})
        village(tx)
        appoint(tx, "Ngọc", "worker", "vn")
    yield engine
    engine.dispose()


@settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(taken=steps)
def test_in_any_order_the_figures_are_those_of_what_stands(settled, taken):
    with settled.connect() as tx:
        for step, ref, number in taken:
            step(tx, ref, number)
        rollups.advance(tx)
        assert rollups.rebuild_check(tx) == []
        assert what_is_counted(tx) == what_stands(tx)
        tx.rollback()


# On both databases


async def test_a_confirmed_sale_rises_and_its_correction_is_the_households_word_again(db):
    who = await db.write(village)
    claim = await db.read(seen)
    assert await db.write(partial(decide, by=by(who), wish=wish(claim))) == (claim, None)
    after = await db.read(seen)
    assert (after.entry.evidence, after.decision.state) == ("confirmed", "confirmed")
    assert (after.decision.worker, after.decision.at) == (who, NOW)
    await db.write(lambda tx: correct(tx, "AA11", 450_000))
    last = await db.read(seen)
    assert (last.entry.evidence, last.decision.state) == ("said", "corrected")


async def test_a_dispute_changes_nothing_of_what_was_said_and_waits_for_its_answer(db):
    who = await db.write(village)
    claim = await db.read(seen)
    disputed = wish(claim, "dispute", "amount")
    assert (await db.write(partial(decide, by=by(who), wish=disputed)))[1] is None
    after = await db.read(seen)
    assert after.entry == claim.entry
    assert (after.decision.state, after.decision.reason) == ("disputed", "amount")
    await db.write(lambda tx: keep(tx, "AA11", 0))
    assert (await db.read(seen)).decision.state == "kept"


async def test_the_second_of_two_workers_sees_what_the_first_decided(db):
    who = await db.write(village)
    other = await db.write(partial(appoint, who="Hà", kind="worker", area="30226"))
    claim = await db.read(seen)
    results = await asyncio.gather(
        db.write(partial(decide, by=by(who), wish=wish(claim))),
        db.write(partial(decide, by=by(other), wish=wish(claim, "dispute", "date"))),
    )
    refusals = [why for _, why in results]
    assert refusals.count(None) == 1
    first = (await db.read(seen)).decision
    assert {first.state} == {why for why in refusals if why}, "the first decision stands"


async def test_the_same_form_twice_is_one_decision(db):
    who = await db.write(village)
    claim = await db.read(seen)
    for _ in range(2):
        assert (await db.write(partial(decide, by=by(who), wish=wish(claim))))[1] is None
    asked = select(event.c.id).where(event.c.type == "sale_confirmed")
    found = await db.read(lambda conn: conn.scalars(asked).all())
    assert found == [decision_id(claim, who, "confirm", claim.version)]


@pytest.mark.parametrize("area", ["00004", "29869"])
async def test_nobody_decides_outside_their_area(db, area):
    await db.write(village)
    other = await db.write(partial(appoint, who="Hà", kind="worker", area=area))
    claim = await db.read(seen)
    assert await db.write(partial(decide, by=by(other), wish=wish(claim))) == (None, None)
    assert (await db.read(seen)).decision is None


async def test_readers_and_workers_without_a_role_any_more_decide_nothing(db):
    await db.write(village)
    reader = await db.write(partial(appoint, who="Xem", kind="reader", area="30226"))
    claim = await db.read(seen)
    for who in (reader, of("nobody")):
        assert await db.write(partial(decide, by=by(who), wish=wish(claim))) == (None, None)


async def test_what_was_changed_or_struck_meanwhile_is_not_decided(db):
    who = await db.write(village)
    claim = await db.read(seen)
    await db.write(lambda tx: correct(tx, "AA11", 450_000))
    assert (await db.write(partial(decide, by=by(who), wish=wish(claim))))[1] == "changed"
    newer = await db.read(seen)
    await db.write(lambda tx: strike(tx, "AA11", 0))
    for old in (claim, newer, await db.read(seen)):
        assert (await db.write(partial(decide, by=by(who), wish=wish(old))))[1] == "struck"


async def test_what_a_worker_wrote_down_for_a_household_is_confirmed_by_somebody_else(db):
    who = await db.write(village)
    other = await db.write(partial(appoint, who="Hà", kind="worker", area="30226"))
    await db.write(lambda tx: tx.execute(update(entry).values(worker=who)))
    claim = await db.read(seen)
    assert (await db.write(partial(decide, by=by(who), wish=wish(claim))))[1] == "own"
    assert (await db.write(partial(decide, by=by(other), wish=wish(claim))))[1] is None


async def test_a_dispute_needs_one_of_its_reasons(db):
    who = await db.write(village)
    claim = await db.read(seen)
    for reason in (None, "certificate", "<script>"):
        disputed = wish(claim, "dispute", reason)
        assert (await db.write(partial(decide, by=by(who), wish=disputed)))[1] == "reason"


async def test_a_certificate_that_was_seen_stands_behind_the_stars(db):
    who = await db.write(village)
    told = replace(TOLD, photo=uuid5(FORM, "photo"))
    for _ in range(2):
        await db.write(
            partial(give_certificate, by=by(who), home=HOME, told=told, picture=b"jpeg", form=FORM)
        )
    claim = await db.read(partial(seen, subject="certificate", ref="TL62"))
    assert claim.certificate == told
    assert (await db.write(partial(decide, by=by(who), wish=wish(claim))))[1] is None
    after = await db.read(partial(seen, subject="certificate", ref="TL62"))
    assert (after.product.evidence, after.product.stars) == ("confirmed", 4)
    await db.write(rollups.advance)
    kept = await db.read(what_is_counted)
    assert kept["products", "voso", "confirmed"] == kept["products", "postmart", "confirmed"] == 1
    given_facts = select(event.c.body).where(event.c.type == "certificate_given")
    (body,) = await db.read(lambda conn: conn.scalars(given_facts).all())
    assert TOLD.number not in str(body), "a number leads to the household: it can be erased"


async def test_what_waits_is_what_nobody_decided(db):
    who = await db.write(village)

    def left(conn: Connection) -> int:
        return waiting(conn, of("Ngọc"), [LAI_VUNG], NOW)

    assert await db.read(left) == 3
    claim = await db.read(seen)
    await db.write(partial(decide, by=by(who), wish=wish(claim)))
    assert await db.read(left) == 2
    assert (
        await db.read(lambda conn: waiting(conn, of("Ngọc"), [Role("worker", "00004")], NOW)) == 0
    )
    made = await db.read(partial(own_decision, whose=of(HOME), subject="sale", ref="AA11"))
    assert (made.state, made.worker) == ("confirmed", who)
