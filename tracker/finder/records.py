"""A tree of HTML -> runs of records: repeated neighbours of one build, each led by a coin. Pure.

    tree -> named texts -> holders -> records -> fields, each with what the markup says of it

A holder is an element (a table's body, a list, any box) whose children name one coin each; a record is such a child,
or a run of children where a list has no boxes of its own. Its fields are the figures in it, in page order, each in a
column told by the cell it stands in or by the way from the record down to it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise, takewhile
from statistics import median

from ..coins.names import Name, name_of
from ..coins.registry import Coins
from ..printed.figures import currency_of, narrow
from ..printed.heads import head, sign_word, window
from .cells import Part, is_conversion, parts
from .comparing import builds, compared, united, with_tickers
from .direction import direction, tokens
from .others import MARKET, in_market, is_other
from .over import heads_over, said_above
from .record import Field, Key, Record, Run
from .tree import Element, Text, lines, span
from .turned import turned

_NAME = 60  # a name is no longer, with its ticker
_RECORD = 600  # a record's text is no longer: what is, is prose
_BESIDE = 60  # neighbours of a coin that are looked at for indices
_WORDS = 8  # texts of a record among which its name and ticker are
_ONE = re.compile(r"^1\s+(?=[^\W\d])")  # `1 BTC = $67,123.45`
_DIGIT = re.compile(r"\d")
_TO = re.compile(r"^(?:to|in|vs)\s+")  # `Bitcoin` | `to CAD`
_RANK = re.compile(r"[#№]?\s?\d+[.)]?")
_AMOUNT = re.compile(r"^[\d.,]+\s+(?=[A-Za-z])")  # before a unit, which may be the ticker
_QUOTED = frozenset("BTC ETH USDT USDC BNB DAI BUSD FDUSD TUSD".split())  # also what others are priced in
_PICTURES = frozenset("img i svg".split())
_LABELS = ("data-label", "data-title", "data-th", "data-field", "data-column", "itemprop")


def runs(top: Element, coins: Coins) -> Iterator[Run]:
    """Every run of a page in page order."""
    for found in _holders(top, coins):
        holder = turned(found) or found
        rows = list(_rows(holder, coins))
        columns = _columns([row for sure, row in rows if sure])
        made = [
            (row, record) for _, row in rows if (record := _record(row, columns, coins)) and record.fields
        ]
        above = tuple(said_above(found))
        for alike in builds(made):
            first = next(row for row, record in alike if record.name)
            kept = tuple(compared(with_tickers(united([record for _, record in alike]), coins)))
            run = Run(kept, heads_over(holder, first, columns), above)
            if len({record.name.symbol for record in kept if record.name}) >= 2 or in_market(run):
                yield run


# --- where they are


def anchor(words: str, coins: Coins) -> Name | None:
    """The coin that a text names, alone or before its first figure."""
    text = _ONE.sub("", narrow(" ".join(words.split()))).rstrip(" =")
    if not text or len(text) > 2 * _NAME or not coins.may_name(text):
        return None
    digit = _DIGIT.search(text)
    name = name_of(text, coins) if len(text) <= _NAME else None
    if name is None and digit and digit.start() > 1:
        name = name_of(text[: digit.start()].rstrip(" $₩€£¥+-−▲▼△▽:(|~≈="), coins)
    return name


def _holders(top: Element, coins: Coins) -> list[Element]:
    """The outermost elements whose children name one coin each."""
    within: dict[Element, dict[Element | Text, list[str]]] = defaultdict(lambda: defaultdict(list))
    for node, words in _naming(top, coins):
        if name := anchor(words, coins):
            below: Element | Text = node
            for element in node.parent.up if node.parent else ():
                within[element][below].append(name.symbol)
                below = element
    found = [element for element, named in within.items() if _holds(named) or _among_others(element, named)]
    chosen: list[Element] = []
    taken: set[Element] = set()
    for element in sorted(found, key=lambda e: sum(1 for _ in e.up)):
        if not any(e in taken for e in element.up):
            taken.add(element)
            chosen.append(element)
    order = {node: i for i, node in enumerate(top.walk()) if isinstance(node, Element)}
    return sorted(chosen, key=order.__getitem__)


def _naming(top: Element, coins: Coins) -> list[tuple[Element | Text, str]]:
    """The texts and pictures whose words may name a coin: asked of all at once, for nearly none do."""
    said = [(n, " ".join((n.words if isinstance(n, Text) else _picture(n)).split())) for n in top.walk()]
    may = coins.naming({words for _, words in said if words})
    return [(node, words) for node, words in said if words in may]


def _picture(element: Element) -> str:
    """The words that stand for a picture, or for another element that shows no words: an icon drawn by its class."""
    if not element.raw or (element.tag not in _PICTURES and not _is_blank(element)):
        return ""
    said = element.attributes
    return said.get("alt") or said.get("title") or said.get("aria-label") or ""


def _is_blank(element: Element) -> bool:
    """Whether an element has words for those who cannot see it, and none to be seen."""
    said = "title=" in element.raw or "aria-label=" in element.raw
    return said and not any(isinstance(node, Text) and node.words.strip() for node in element.walk())


def _holds(named: dict[Element | Text, list[str]]) -> bool:
    """Whether children that name coins name one each: what else they name is what the first is priced in."""
    if len(named) < 2 or len({symbols[0] for symbols in named.values()}) < 2:
        return False
    others = [len({s for s in symbols if s not in _QUOTED} - {symbols[0]}) for symbols in named.values()]
    return max(others) <= 2 and sum(not n for n in others) >= 0.8 * len(others)


def _among_others(element: Element, named: dict[Element | Text, list[str]]) -> bool:
    """Whether one child names one coin, and others of its kind indices, metals or currencies with their figures."""
    if len(named) != 1 or len({*next(iter(named.values()))}) != 1:
        return False
    child = next(iter(named))
    tag = child.tag if isinstance(child, Element) else ""
    beside = (one for one in islice(element.elements, _BESIDE) if one is not child and one.tag == tag)
    return sum(1 for _ in islice(filter(_is_market, beside), MARKET)) == MARKET


def _is_market(element: Element) -> bool:
    said = [
        node.words
        for node in islice(element.walk(), _RECORD)
        if isinstance(node, Text) and node.words.strip()
    ]
    words = " ".join(said[0].split()) if said else ""
    return len(words) <= _NAME and is_other(words) and any(map(_DIGIT.search, said[1:]))


def _rows(holder: Element, coins: Coins) -> Iterator[tuple[bool, tuple[Element | Text, ...]]]:
    """The holder's records as nodes, whether they name a coin or not; a box each, or runs of children."""
    children = [c for c in holder.children if not isinstance(c, Text) or c.words.strip()]
    named = [i for i, child in enumerate(children) if _names(child, coins)]
    figured = sum(bool(_DIGIT.search(_text(children[i]))) for i in named)
    if 2 * figured > len(named):
        first = children[named[0]]
        tag = first.tag if isinstance(first, Element) else ""
        for i, child in enumerate(children):
            if i in named or (isinstance(child, Element) and child.tag == tag):
                yield i in named, (child,)
        return
    steps = [b - a for a, b in pairwise(named)]
    for i, after in zip(named, [*named[1:], named[-1] + int(median(steps))], strict=True):
        yield True, tuple(children[i:after])


def _names(child: Element | Text, coins: Coins) -> bool:
    nodes = child.walk() if isinstance(child, Element) else iter((child,))
    return any(anchor(n.words if isinstance(n, Text) else _picture(n), coins) for n in nodes)


def _text(node: Element | Text) -> str:
    return lines(node)[0]


# --- what they hold


def _columns(rows: Sequence[tuple[Element | Text, ...]]) -> bool:
    """Whether the records have cells: the same number of boxes right below, two at least."""
    counts = {len(list(row[0].elements)) for row in rows if len(row) == 1 and isinstance(row[0], Element)}
    boxes = [row[0] for row in rows if len(row) == 1 and isinstance(row[0], Element)]
    cells = bool(boxes) and all(box.tag == "tr" for box in boxes)
    return cells or (len(boxes) == len(rows) and len(counts) == 1 and counts != {1} and counts != {0})


def _record(row: tuple[Element | Text, ...], columns: bool, coins: Coins) -> Record | None:
    text, places = lines(*row)
    folded = " ".join(text.split())
    if not folded or len(folded) > _RECORD:
        return None
    found = parts(narrow(text))
    name, at = _name(row, found, coins)
    frame = set(row)
    counts: dict[str, int] = defaultdict(int)
    fields: list[Field] = []
    starts = [place for place, _ in places]
    for i, part in enumerate(found):
        if name and _another(found, i, at, name, coins):
            break
        if part.figure is None or (name and i == at) or (i and is_conversion(found[i - 1], part)):
            continue
        element = places[bisect_right(starts, part.start + len(part.text) - len(part.text.lstrip())) - 1][1]
        way = _way(element, frame, row, columns)
        fields.append(_field((way, counts[way]), part, i, found, element, frame))
        counts[way] += 1
    said = (p.text for p in found if p.figure is None and not _RANK.fullmatch(p.text))
    printed = name.printed if name else next(said, "")
    cells = sum(map(span, row[0].elements)) if columns and isinstance(row[0], Element) else 0
    classes = " ".join(e.attributes.get("class", "") for e in row if isinstance(e, Element) and e.raw)
    turn = direction(tokens(classes))
    words = tuple(_words(row, frame))
    return Record(name, printed, tuple(fields), folded, words=words, cells=cells, turn=turn)


def _words(row: Sequence[Element | Text], frame: set[Element | Text]) -> Iterator[tuple[str, str]]:
    """The first texts of a record, each with its way down from it."""
    counts: Counter[str] = Counter()
    for node in _texts(row):
        path = list(takewhile(lambda e: e not in frame, node.parent.up))
        way = "/".join(f"{e.tag}.{'.'.join(_steady(e))}" for e in reversed(path))
        yield f"{way} {counts[way]}", _AMOUNT.sub("", " ".join(node.words.split())).strip(" *()[]")
        counts[way] += 1


def _texts(row: Sequence[Element | Text]) -> Iterator[Text]:
    nodes = (node for top in row for node in (top.walk() if isinstance(top, Element) else (top,)))
    said = (node for node in nodes if isinstance(node, Text) and node.words.strip())
    return islice(said, _WORDS)


def _name(row: Sequence[Element | Text], found: Sequence[Part], coins: Coins) -> tuple[Name | None, int]:
    """The coin that a record names first, and by which part; its picture's word for it where no text has one."""
    named = [(i, name) for i, p in enumerate(found) if p.figure is None and (name := name_of(p.text, coins))]
    if named and not _is_unit(found, named[0][0]):
        return _called(found, named)
    if name := _glued(row, coins):
        return name, -1
    pictures = (n for box in row if isinstance(box, Element) for n in box.walk() if isinstance(n, Element))
    alts = (name for p in pictures if (words := _picture(p)) and (name := name_of(words, coins)))
    return next(alts, None), -1


def _is_unit(found: Sequence[Part], at: int) -> bool:
    """Whether a name stands right behind a figure in its cell, and another word before all figures: what that figure counts,
    in a row of another name: `VSTC | 100 | 3,470 SNT`."""
    if not at or found[at - 1].figure is None or found[at - 1].cell != found[at].cell:
        return False
    first = next((i for i, part in enumerate(found) if part.figure and not part.bare), len(found))
    return any(head(p.text) is None and sign_word(p.text) is None for p in found[:first] if p.figure is None)


def _glued(row: Sequence[Element | Text], coins: Coins) -> Name | None:
    """The coin that the first texts name where nothing sets them apart: `<b>BTC</b><i>/USDT</i><i>Vol</i>`."""
    named = [name for node in _texts(row) if (name := anchor(node.words, coins))]
    if not named:
        return None
    first = named[0]
    money = next(
        (n.symbol for n in named[1:] if n.symbol in _QUOTED and n.symbol != first.symbol), first.currency
    )
    return replace(first, currency=money, weak=first.weak and money not in _QUOTED)


def _called(found: Sequence[Part], named: Sequence[tuple[int, Name]]) -> tuple[Name, int]:
    """Of the coins that a record names the one it is of, all its spellings counted, and the money that stands beside it: a
    currency in a part of its own, or a coin that others are priced in."""
    first = next((i for i, part in enumerate(found) if part.figure and not part.bare), len(found))
    at, name = named[0]
    money = {code for p in found[:first] if p.figure is None and (code := currency_of(p.text))} - {
        name.symbol
    }
    if name.symbol in _QUOTED:
        own = (one for one in named if one[0] < first and not one[1].weak and one[1].symbol not in _QUOTED)
        if other := next(own, None):
            money, (at, name) = {name.symbol}, other
    again = [n for _, n in named if n.symbol == name.symbol and n.printed != name.printed]
    spoken = next((n.printed for n in (name, *again) if n.printed != n.symbol), name.printed)
    of_pair = next((n.currency for n in (name, *again) if n.currency and n.currency != name.symbol), None)
    priced = of_pair or (money.pop() if len(money) == 1 else None)
    mentions = name.mentions + len(again)
    return Name(spoken, name.symbol, priced, mentions, name.weak and not again, name.label), at


def _another(found: Sequence[Part], at: int, own: int, name: Name, coins: Coins) -> bool:
    """Whether a part behind the record's figures names another coin, so that what follows is that one's; a unit behind a
    figure is none."""
    figured = at > own and any(not part.bare for part in found[max(own, 0) : at] if part.figure)
    other = name_of(found[at].text, coins) if figured and found[at].figure is None else None
    if other is None or other.symbol == name.symbol or other.weak:
        return False
    return other.symbol not in _QUOTED or found[at].cell != found[at - 1].cell


def _way(element: Element, frame: set[Element | Text], row: Sequence[Element | Text], columns: bool) -> str:
    """The column of a figure: the number of its cell, else the tags and steady classes from its record down to it."""
    path: list[Element] = []
    for e in element.up:
        path.append(e)
        if e in frame:
            break
        if e.parent is not None and e.parent in frame and columns:
            return f"#{_number(e)}"
    if columns or len(row) > 1:
        place = next((i for i, node in enumerate(row) if node is path[-1]), len(row))
        if len(row) > 1:
            return f"@{place}"
    return "/".join(f"{e.tag}.{'.'.join(_steady(e))}" for e in reversed(path[:-1]))


def _number(cell: Element) -> int:
    """Which column a cell stands in, cells over several columns counted as many."""
    number = 0
    for other in cell.parent.elements if cell.parent else ():
        if other is cell:
            break
        number += span(other)
    return number


def _steady(element: Element) -> list[str]:
    """The classes that do not change from row to row: neither a direction nor a number."""
    classes = element.attributes.get("class", "").split() if element.raw else []
    return [c for c in classes[:3] if not _DIGIT.search(c) and not direction(tokens(c)) and "_" not in c[:1]]


def _field(
    key: Key, part: Part, at: int, found: Sequence[Part], element: Element, frame: set[Element | Text]
) -> Field:
    assert part.figure is not None
    scope = _scope(element, frame)
    says = frozenset(word for e in _near(element, frame) for word in tokens(words_of(e)))
    before = found[at - 1] if at else None
    words = before.text if before and before.figure is None and before.cell == part.cell else ""
    label = next(
        (m for e in _near(element, frame) for a in _LABELS if (m := head(e.attributes.get(a, "")))), None
    )
    behind = found[at + 1] if at + 1 < len(found) and found[at + 1].cell == part.cell else None
    after = behind.text if behind and behind.figure is None else ""
    sign = sign_word(words) or sign_word(after) or 0
    meaning = label or head(words) or (head(after) if part.figure.percent and window(after) else None)
    marked = _marked(scope, element, frame) or _icon(element, part)
    return Field(key, part.text, part.figure, meaning, says, sign, marked)


def _near(element: Element, frame: set[Element | Text]) -> Iterator[Element]:
    for e in element.up:
        if e in frame or e.tag in ("tr", "ul", "ol", "tbody", "table"):
            return
        yield e


def _scope(element: Element, frame: set[Element | Text]) -> Element:
    """The outermost element around a figure that holds no other figure."""
    scope = element
    for e in _near(element, frame):
        if sum(p.figure is not None for p in parts(narrow(lines(e)[0]))) > 1:
            break
        scope = e
    return scope


_SAYING = (
    "class",
    "alt",
    "aria-label",
    "title",
    "src",
    "data-icon",
    "data-direction",
    "data-trend",
    "href",
    "xlink:href",
    "name",
)


def words_of(element: Element) -> str:
    """What an element's attributes say, for its direction and its role."""
    if not element.raw:
        return ""
    wanted = (
        _SAYING
        if element.tag in ("img", "i", "svg", "use", "path", "span", "em", "b", "ins")
        else _SAYING[:4]
    )
    known = element.attributes
    return " ".join(
        known[a].rsplit("/", 1)[-1] if a in ("src", "href", "xlink:href") else known[a]
        for a in wanted
        if a in known
    )


def _marked(scope: Element, element: Element, frame: set[Element | Text]) -> int:
    """The direction that the markup around a figure says; 0 if it says none or two."""
    inside = [n for n in scope.walk() if isinstance(n, Element)]
    titles = [n.text for n in inside if n.tag in ("title", "desc")]
    said = {direction(tokens(text)) for text in (*map(words_of, inside), *titles)} - {0}
    if not said and scope is element:
        said = {direction(tokens(words_of(e))) for e in _near(element, frame)} - {0}
    return said.pop() if len(said) == 1 else 0


def _icon(element: Element, part: Part) -> int:
    """The direction that an empty element says right before or behind the text that a figure stands in alone; 0 if none
    does, or both do and disagree."""
    own = [i for i, n in enumerate(element.children) if isinstance(n, Text) and part.text in narrow(n.words)]
    if len(own) != 1 or not part.figure or not part.figure.percent:
        return 0
    icons = [
        *takewhile(_empty, reversed(element.children[: own[0]])),
        *takewhile(_empty, element.children[own[0] + 1 :]),
    ]
    said = {direction(tokens(words_of(n))) for n in icons if isinstance(n, Element)} - {0}
    return said.pop() if len(said) == 1 else 0


def _empty(node: Element | Text) -> bool:
    return not (node.words if isinstance(node, Text) else node.text).strip()
