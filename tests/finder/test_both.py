"""Several readings of one page put together: what one told or refused hides no other coin."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from made import BITCOIN

from tracker.finder.both import joined
from tracker.finder.generic import Found
from tracker.finder.quoting import CROOKED
from tracker.model import Quote, Refusal

DOLLAR = replace(BITCOIN, currency="USD", price=Decimal("1.00"), change_pct=None, flags=())
SONIC = replace(DOLLAR, symbol="S", name="Sonic", row_text="Sonic S $1.00")


def given(*readings: Found) -> set[str | None]:
    return {quote.name for found in joined(readings, []) for quote in found.quotes}


def found(at: int, *quotes: Quote, refused: tuple[Refusal, ...] = (), reader: str = "lines") -> Found:
    return Found(at, at + 40, list(quotes), list(refused), at, reader=reader)


def test_a_short_ticker_in_another_coins_name_is_no_sign_that_it_was_given() -> None:
    dollar = replace(DOLLAR, symbol="USDS", name="USDS", row_text="USDS $1.00")
    assert given(found(0, SONIC), found(100, dollar)) == {"Sonic", "USDS"}


def test_a_row_refused_for_its_cells_keeps_its_own_coin_alone_from_other_readings() -> None:
    ether = replace(DOLLAR, symbol="ETH", name="Ethereum", price=Decimal(3512), row_text="Ethereum $3,512")
    crooked = Refusal("Solana $79,000,000,000 USD", CROOKED)
    solana = replace(DOLLAR, symbol="SOL", name="Solana", price=Decimal(79), row_text="Solana $79")
    told = found(0, ether, refused=(crooked,), reader="markup")
    assert given(told, found(100, SONIC), found(200, solana)) == {"Ethereum", "Sonic"}


def test_a_renamed_coin_is_one_row_whatever_ticker_it_has() -> None:
    old = replace(DOLLAR, symbol="VEN", name="VeChain", price=Decimal("1.83"), row_text="VEN VeChain $1.83")
    new = replace(old, symbol="VET", row_text="VeChain $1.83")
    assert len([q for f in joined([found(0, old), found(100, new)], []) for q in f.quotes]) == 1


def test_a_row_that_is_given_is_refused_by_no_other_reading_whatever_its_number_format() -> None:
    lira = replace(
        DOLLAR, symbol="SOL", name="Solana", currency="TRY", price=Decimal("4188.40"), row_text="a row"
    )
    refused = Refusal("SOL Solana 4.188,40 ₺", CROOKED)
    read = joined([found(0, lira, DOLLAR), found(100, refused=(refused,))], [])
    assert not [r for f in read for r in f.refused]
