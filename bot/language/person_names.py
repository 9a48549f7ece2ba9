"""Names of people, shops and groups (rules.md 7)."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

from bot.language.numbers import Numbers
from bot.language.product_names import Found
from bot.language.values import value_class
from bot.language.vocabulary import is_animal

MOST_SYLLABLES = 3
_START = attrgetter("start")
_ENDS_NAME = (
    "sell", "buy", "self", "offer", "buyer_sign", "price", "total", "confirm", "got", "call_end",
    "mind", "on_place",
)  # fmt: skip
_ENDS_BEFORE_VERB = (
    "unit", "digit", "ten", "twenty", "tens", "hundred", "noise", "just", *_ENDS_NAME,
)  # fmt: skip
_ENDS_SURELY = tuple(kind for kind in _ENDS_NAME if kind != "on_place")
_ENDS = frozenset(_ENDS_NAME)
_NO_NAME = frozenset(
    ("noise", "look", "order", "mart", "voso", "order_sign", "returned", "day", "no", "not_yet",
     "vague", "unit")
)  # fmt: skip
_NO_SYLLABLE = frozenset(
    ("noise", "mart", "voso", "on_place", "magnitude", "hundred", "dozen", "order", "day", "vague",
     "no")
)  # fmt: skip
_ACTS_NAMED = ("buy", "got", "sell")


@value_class(frozen=True, slots=True)
class Person:
    """A buyer named. `doubt`: the name may be the first word of the number after it."""

    start: int
    end: int
    name: str
    doubt: bool = False


class PersonNames:
    """Reads a form of address and the name after it."""

    def __init__(
        self,
        numbers: Numbers,
        taken: set[int],
        products: tuple[Found, ...],
        named: Iterable[Found] = (),
    ) -> None:
        self.at = numbers
        self.tokens = numbers.tokens
        self.honorifics = numbers.places("honorific")
        self.taken = taken
        self.long_products = set(map(_START, named))
        self.found = products
        self.products = set(map(_START, products))
        # a number that may be a name: *chú năm chục trứng*
        self.doubt: tuple[int, int] | None = None
        self._kept: dict[int, Person | None] = {}
        self.capitals = sum(numbers.capital) > sum(numbers.capital[:1])

    def _named(self, at: int) -> Person | None:
        """Read once: the one who buys and the one who sells are looked for at the same places."""
        if at not in self._kept:
            self._kept[at] = self._read(at)
        return self._kept[at]

    def _read(self, at: int) -> Person | None:
        form = self._form(at)
        if form is None:
            return None
        end = self.at.tags[at]["honorific"].end
        if self._is_addressed(at, end) or self._is_animal(at, end):
            return None
        job_end = self._job_end(end)
        name_end, doubt = self._name_end(job_end)
        opens = at == 0 and self.at.tags[at]["honorific"].exact and self.at.marked[at]
        if doubt and (opens or self.at.has(at - 1, "buyer_sign", "place_buyer", "sell")):
            self.doubt = end, end + 2
        if name_end == end and self._sold_to(at) and self._number_at(end):
            return Person(at, end, form)
        if name_end == end or self._called(name_end):
            return None
        job = [t.raw.lower() for t in self.tokens[end:job_end]]
        name = [self._name(job_end, name_end)] if name_end > job_end else []
        return Person(at, self._past_place(name_end), " ".join((form, *job, *name)), doubt)

    def _is_animal(self, at: int, end: int) -> bool:
        """*bán con lon 2 triệu*: goods, nobody's name."""
        if self.at.bare[at] != "con" or end >= self.at.count or self.at.capital[end]:
            return False
        return any(f.start == end and is_animal(f.product.name) for f in self.found)

    def _job_end(self, at: int) -> int:
        """*cô giáo Hằng, bác sĩ Minh*; typed without marks only before a capital: *co giao hang*."""
        job = self.at.tags[at].get("job")
        if job is None:
            return at
        named = job.end < self.at.count and self.at.capital[job.end]
        return job.end if named or job.exact else at

    def _past_place(self, at: int) -> int:
        """*bác Hai đầu xóm mua, chị Lan bán phở lấy*: where the buyer lives or works is left out."""
        start = at + ("on_place" in self.at.tags[at] and "beside_name" in self.at.tags[at + 1])
        beside = self.at.tags[start].get("beside_name")
        if beside is None:
            return at
        acts = self.at.has(beside.end, *_ACTS_NAMED) and "sell" not in self.at.tags[beside.end]
        works = self.at.has(start, "sell", "place_buyer", "offline")
        return beside.end if acts or not works else at

    def _is_addressed(self, at: int, end: int) -> bool:
        """*ghi giùm chị, ông Tư mua…*: asked for the speaker, unless a name of people follows."""
        asked = at > 0 and self.at.bare[at - 1] in ("gium", "giup", "dum", "ho")
        if not asked or end >= self.at.count:
            return False
        place = self.at.tags[end].get("place_buyer")
        another = (place is not None and place.end > end + 1) or (
            self.at.has(end, "honorific", "place_buyer") and "given_name" in self.at.tags[end + 1]
        )
        named = "given_name" in self.at.tags[end] or self.at.capital[end]
        return another or not named

    def _sold_to(self, at: int) -> bool:
        """*bán cho cô ba mươi tám ngàn*: the buyer is *cô*."""
        return "buyer_sign" in self.at.tags[at - 1] and self.at.has(at - 2, "sell", "got")

    def _number_at(self, at: int) -> bool:
        return at < self.at.count and (
            self.at.digits[at] or self.at.has(at, "digit", "ten", "twenty")
        )

    def _form(self, at: int) -> str | None:
        tag = self.at.tags[at].get("honorific")
        if tag is None:
            return None
        if "digit" in self.at.tags[at] and self.at.has(
            at + 1, "tens", "ten", "hundred", "dozen", "magnitude"
        ):
            return None
        low, before = self.at.low[at], self.tokens[at - 1] if at else None
        follows = at > 0 and self.at.bare[at - 1] in ("nguoi", "khach")
        if not tag.exact and (follows or self._is_ours(at)):
            return None  # nguoi di tour: đi, not dì; nha em co son tra: có, not cô
        short = len(low) == 1 and low != "o"
        if short and (before is not None and (before.raw == "/" or self.at.glued[at])):
            return None
        return None if self._is_counted(at) else str(tag.value)

    def _is_ours(self, at: int) -> bool:
        """*nhà em, bên mình* right before it, and it may be *có*."""
        ours = self.at.places("household") if "have" in self.at.tags[at] else ()
        return any(self.at.tags[p]["household"].end == at for p in ours)

    def _is_counted(self, at: int) -> bool:
        """*5 con, hai em* are counted; *thứ 6 cô Hồng* comes after a day."""
        if at == 0 or at - 1 in self.taken:
            return False
        if "given_name" in self.at.tags[at + 1] and "buy" in self.at.tags[at + 2]:
            return False  # năm mươi ngàn một chục | anh Hùng mua
        numeral = self.at.has(at - 1, "digit", "tens", "hundred", "dozen", "tail", "vague")
        return numeral or self.at.digits[at - 1]

    def _called(self, at: int) -> bool:
        return "call_end" in self.at.tags[at]

    def _name_end(self, at: int) -> tuple[int, bool]:
        """Where the name ends; whether its first word may be a number's."""
        if at >= self.at.count or at in self.taken:
            return at, False
        token = self.tokens[at]
        if token.digits:
            return self._digit_name(at)
        if not token.word or self._stops(at, first=True):
            return at, False
        if self.at.has(at, "digit", "ten", "tail"):
            return self._number_name(at)
        return self._syllables(at + 1, capital=token.capital), False

    def _digit_name(self, at: int) -> tuple[int, bool]:
        """*chú 3, cô 5*; the digit of a quantity has its unit after it."""
        raw = self.at.raw[at]
        loose = not self.at.has(
            at + 1, "unit", "magnitude", "hundred", "dozen", "slang"
        ) and not self._glued(at + 1)
        return (at + 1, False) if raw.isdigit() and 2 <= int(raw) <= 12 and loose else (at, False)

    def _glued(self, at: int) -> bool:
        return at < self.at.count and self.at.glued[at] and self.at.raw[at] not in ",.;:!?)"

    def _number_name(self, at: int) -> tuple[int, bool]:
        """*cô ba mươi tám ngàn* is 38 from *cô*; *chú Sáu bốn ký* is Sáu; *cô ba trăm trứng* may be either."""
        token, after = self.tokens[at], at + 1
        named = token.capital and at > 0
        if "tens" in self.at.tags[after] and "ten" not in self.at.tags[after]:
            return (after if named else at), False
        joins = self.at.has(after, "tens", "ten", "hundred", "dozen", "magnitude")
        counts = self._starts_quantity(after)
        if not joins and not counts:
            return self._syllables(after, capital=token.capital), False
        if named:
            return after, False
        return at, joins

    def _starts_quantity(self, at: int) -> bool:
        """A unit; *anh Sáu Thanh* is a name where nothing counted follows *thanh*."""
        if "unit" not in self.at.tags[at] or self.at.has(at, "price", "digit"):
            return False
        dated = "day_word" in self.at.tags[at] and self._number_at(at + 1)  # cô Ba | ngày 15
        if dated or self.at.capital[at]:
            return False
        goods = at + 1 in self.products and "buy" not in self.at.tags[at + 1]
        return goods or "given_name" not in self.at.tags[at]

    def _syllables(self, at: int, *, capital: bool) -> int:
        """Further syllables of the name."""
        last = at
        while (
            last < self.at.count
            and last - at < MOST_SYLLABLES - 1
            and self._goes_on(last, capital=capital)
        ):
            last += 1
        return last

    def _goes_on(self, at: int, *, capital: bool) -> bool:
        token = self.tokens[at]
        if at in self.taken or not token.word or self._stops(at, first=False):
            return False
        if capital or self.capitals:
            return token.capital and not self._place_name(at)
        if self._before_verb(at):
            return True
        return (
            "given_name" in self.at.tags[at]
            and at not in self.long_products
            and not self.at.has(at, "digit", "ten", "twenty")
        )

    def _before_verb(self, at: int) -> bool:
        """What stands between the form of address and the verb is the name: *chị Thúy bánh xèo | lấy*."""
        for verb in range(at + 1, min(at + 3, self.at.count)):
            if "buy" in self.at.tags[verb]:
                return not any(self._ends_before_verb(p) for p in range(at, verb))
        return False

    def _ends_before_verb(self, at: int) -> bool:
        return at in self.taken or not self.at.word[at] or self.at.has(at, *_ENDS_BEFORE_VERB)

    def _place_name(self, at: int) -> bool:
        """A town of two words; *anh Bảy Vinh* is a name as well."""
        town = self.at.tags[at].get("town")
        return town is not None and not (town.end == at + 1 and "given_name" in self.at.tags[at])

    def _stops(self, at: int, *, first: bool) -> bool:
        token = self.tokens[at]
        if token.capital and at > 0 and not self.at.has(at, "mart", "voso"):
            return False
        tags = self.at.tags[at]
        if not _ENDS.isdisjoint(tags):
            return not (first and "given_name" in self.at.tags[at] and self._must_be_name(at))
        if first:
            return not _NO_NAME.isdisjoint(tags) and "given_name" not in tags
        return not _NO_SYLLABLE.isdisjoint(tags) or self._starts_quantity(at)

    def _must_be_name(self, at: int) -> bool:
        """*cho chị Thu*, *bán anh Tư*, *chị Từ lấy*: after a sign of a buyer or before a verb."""
        if self.at.has(at - 2, "buyer_sign", "sell", "got") or self.at.has(at + 1, *_ACTS_NAMED):
            return True
        return not self.at.has(at, *_ENDS_SURELY)

    def _name(self, start: int, end: int) -> str:
        """With capitals, but for a form of address inside it: *vợ chồng anh Tâm*."""
        form = self.at.tags[start].get("honorific")
        inner = end - start > 1 and form is not None and form.exact
        first = self.at.raw[start] if inner else capital(self.at.raw[start])
        return " ".join((first, *(capital(t.raw) for t in self.tokens[start + 1 : end])))


def capital(word: str) -> str:
    """The word with its first letter large."""
    return word[:1].upper() + word[1:]
