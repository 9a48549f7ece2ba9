"""The summary in the sentences of the published reports, each figure with its two sources beneath it."""

from __future__ import annotations

from dataclasses import asdict

from bot.coverage_text import coverage_lines
from bot.figure_words import display, rounded_ratio, unit_of, vnd, vnd_in
from bot.locales.format import number
from bot.locales.spoken import spoken, text, written_day, written_month
from bot.revision_text import revision_lines
from bot.summary import PLATFORMS, Figure, Summary
from bot.summary_meanings import meaning_lines
from domain.household import ZONE

INDENT = "  "
TOGETHER = ("courses", "attendances")  # in one sentence: their sources say which is which
COUNTED, NAMED = "counted", "named"
PROVEN = ("transactions", "value")  # what stands behind them is told, too


def summary_text(summary: Summary) -> str:
    """Vietnamese, ready to be published; lines end with a line feed."""
    lines = [*headings(summary), "", *sentences(summary)]
    lines += breakdown(summary)
    lines += ["", *coverage_lines(summary)]
    if revised := revision_lines(summary):
        lines += ["", *revised]
    if summary.notes:
        lines += ["", *summary.notes]
    lines += meaning_lines(summary)
    return "\n".join(lines) + "\n"


def months_of(summary: Summary) -> str:
    """Its first and last month; a month alone is said once."""
    key = "summary.one_month" if summary.start == summary.to else "summary.months"
    return text(key).format(
        **{"from": written_month(summary.start), "to": written_month(summary.to)}
    )


def headings(summary: Summary) -> list[str]:
    """What the figures are of, and until when they were counted."""
    lines = [text("summary.sample")] if summary.sample else []
    head = "summary.head_month" if summary.start == summary.to else "summary.head"
    lines.append(text(head).format(months=months_of(summary)))
    scope = _scope(summary.figures[0])
    if scope:
        lines.append(text("summary.scope").format(scope=scope))
    if summary.cut_off:
        at = summary.cut_off.astimezone(ZONE)
        lines.append(
            text("summary.cut_off").format(time=f"{at:%H:%M}", date=written_day(at.date()))
        )
    return lines


def _scope(first: Figure) -> str:
    parts = [first.province.name] if first.province else []
    parts += [platform_name(first.platform)] if first.platform else []
    return "; ".join(parts)


def sentences(summary: Summary) -> list[str]:
    """A line a figure, in the published wording; where it comes from stands indented beneath it."""
    lines = []
    for key in ("products", "transactions", "value"):
        lines += [_sentence(summary, key), _sources(_whole(summary, key))]
    courses, people = _whole(summary, "courses"), _whole(summary, "attendances")
    lines += [_training(summary), _sources(courses), _sources(people)]
    for key in ("articles", "accounts"):
        lines += [_sentence(summary, key), _sources(_whole(summary, key))]
    return [line for part in (*lines, _decision(summary)) for line in part.splitlines()]


def _decision(summary: Summary) -> str:
    """`28 tỉnh, thành phố …; 3 … không giao, gồm Quảng Bình, Khánh Hòa, Bình Phước`: the last are named."""
    parts = []
    for group in summary.decision_468:
        named = NAMED if group.status == "not_assigned" else COUNTED
        names = ", ".join(place.name for place in group.provinces)
        said = {"count": number(group.count, spoken()), "status": group.name, "names": names}
        parts.append(text(f"summary.decision_468.{named}").format(**said))
    return text("summary.decision_468").format(parts="; ".join(parts)) if parts else ""


def _sentence(summary: Summary, key: str) -> str:
    figure = _whole(summary, key)
    if figure.value is None:
        return text(f"summary.no.{key}").format(reason=reason(figure))
    ratio = _whole(summary, "value_per_transaction")
    if key == "value" and ratio.value is not None:
        each = rounded_ratio(ratio.value, "summary.dong")
        return text("summary.value_each").format(figure=_figure(summary, key), each=each)
    return text(f"summary.{key}").format(figure=_figure(summary, key))


def _training(summary: Summary) -> str:
    courses, people = _whole(summary, "courses"), _whole(summary, "attendances")
    if courses.value is None and people.value is None:
        return text("summary.no.training").format(reason=reason(courses))
    if people.value is None:
        return text("summary.courses").format(courses=_figure(summary, "courses"))
    if courses.value is None:
        return text("summary.attendances").format(people=_figure(summary, "attendances"))
    people_said = _figure(summary, "attendances")
    return text("summary.training").format(courses=_figure(summary, "courses"), people=people_said)


def _figure(summary: Summary, key: str) -> str:
    """`987.495 giao dịch (Vỏ sò: 173.745; Postmart: 813.750)`."""
    whole = _whole(summary, key)
    said = counted(key, whole.value or 0)
    parts = _parts(summary, key, whole)
    if not parts:
        return said
    between = ", " if key == "products" else "; "
    return text("summary.parts").format(figure=said, parts=between.join(parts))


def _parts(summary: Summary, key: str, whole: Figure) -> list[str]:
    """Each platform's part, and what was reported without naming one; none when that is all of it."""
    if whole.platform:
        return []
    figures = [summary.figure(key, platform) for platform in PLATFORMS]
    if all(figure.value is None and not withheld(figure) for figure in figures):
        return []
    parts = [
        text("summary.part").format(platform=platform_name(f.platform), number=_part(f, whole))
        for f in figures
    ]
    rest = (whole.value or 0) - sum(figure.value or 0 for figure in figures)
    if rest and not any(map(withheld, figures)):
        parts.append(text("summary.rest").format(number=_short(key, rest, whole.value or 0)))
    return parts


def _part(figure: Figure, whole: Figure) -> str:
    if figure.value is None:
        return reason(figure)
    return _short(figure.indicator, figure.value, whole.value or 0)


def _short(key: str, value: int, whole: int) -> str:
    return vnd_in(value, unit_of(whole)) if key == "value" else number(value, spoken())


def counted(key: str, value: int) -> str:
    """A figure with its unit: `217,1 tỷ đồng`, `2.719 tin, bài`."""
    if key == "value" and unit_of(value) == 1:
        return text("summary.dong").format(sum=number(value, spoken()))
    shown = vnd(value) if key == "value" else display(key, value)
    return text(f"summary.count.{key}").format(figure=shown)


def withheld(figure: Figure) -> bool:
    """Whether the cell is too small to be shown, unlike one that nobody reported."""
    return figure.value is None and figure.source.bot is None


def reason(figure: Figure) -> str:
    """Why there is no number."""
    return text("summary.hidden") if withheld(figure) else text("summary.missing")


def _sources(figure: Figure) -> str:
    if figure.value is None:
        return ""
    say = counted if figure.indicator in TOGETHER else display
    bot = say(figure.indicator, figure.source.bot or 0)
    reported = say(figure.indicator, figure.source.reported or 0)
    source = INDENT + text("summary.source").format(bot=bot, reported=reported)
    evidence = _evidence(figure)
    return f"{source}\n{evidence}" if evidence else source


def _evidence(figure: Figure) -> str:
    """What stands behind the part that came through the assistant; empty when there is no such part."""
    parts = [
        text(f"summary.evidence.{name}").format(figure=display(figure.indicator, amount))
        for name, amount in asdict(figure.evidence).items()
        if amount
    ]
    if not parts or figure.indicator not in PROVEN:
        return ""
    return INDENT + text("summary.evidence").format(parts="; ".join(parts))


def breakdown(summary: Summary) -> list[str]:
    """What was told apart besides: a line for each month or province, the figures one after another."""
    rows: dict[str, list[str]] = {}
    for figure in summary.figures:
        if place := _row_name(figure, _whole(summary, figure.indicator)):
            name = text(f"indicator.name.{figure.indicator}")
            rows.setdefault(place, []).append(f"{name}: {figure.display}")
    return [
        line for place, said in rows.items() for line in ("", place, *(INDENT + s for s in said))
    ]


def _row_name(figure: Figure, whole: Figure) -> str:
    """`tháng 6/2023; Quảng Nam; Vỏ sò`: what tells the cell from the whole; empty for its main ones."""
    if figure.month == whole.month and figure.province == whole.province:
        return ""
    parts = (
        [text("summary.month").format(month=written_month(figure.month))] if figure.month else []
    )
    parts += [figure.province.name] if figure.province else []
    parts += [platform_name(figure.platform)] if figure.platform else []
    return "; ".join(parts)


def platform_name(platform: str | None) -> str:
    """Spelt as in the published reports."""
    return text(f"summary.platform.{platform}")


def _whole(summary: Summary, key: str) -> Figure:
    """The figure of the whole question: the first one of its indicator."""
    return next(figure for figure in summary.figures if figure.indicator == key)
