"""Lists in markup, a build each, of our own making after builds met on the web: each gives all its rows with signs."""

from __future__ import annotations

PRICES = {"Bitcoin": "67,123.45", "Ethereum": "3,512.20", "Solana": "172.44", "Cardano": "0.4612"}
CHANGES = {"Bitcoin": "-1.20", "Ethereum": "0.40", "Solana": "-2.32", "Cardano": "3.07"}
SYMBOLS = {"Bitcoin": "BTC", "Ethereum": "ETH", "Solana": "SOL", "Cardano": "ADA"}
CAPS = {
    "Bitcoin": "$1,321,000,000,000",
    "Ethereum": "$422,000,000,000",
    "Solana": "$79,000,000,000",
    "Cardano": "$16,400,000,000",
}


def each(form: str) -> str:
    """One row a coin; `{up}` is a word for its direction, `{size}` its change without a sign."""
    return "".join(
        form.format(
            name=name, symbol=SYMBOLS[name], price=PRICES[name], change=CHANGES[name], size=CHANGES[name].lstrip("-"),
            up="down" if CHANGES[name].startswith("-") else "up", cap=CAPS[name],
        )
        for name in PRICES
    )  # fmt: skip


PLAIN_ROW = "<td>{name}</td><td>${price}</td>"

# a build -> the page's body
BUILDS = {
    "table with heads": "<table><thead><tr><th>#<th>Name<th>Market Cap<th>Price<th>24h</tr></thead><tbody>"
    + each("<tr><td>1<td>{name}<td>{cap}<td>${price}<td>{change}%</tr>") + "</tbody></table>",
    "sign in a class": "<table><tr><th>Coin<th>Price<th>Change</tr>"
    + each('<tr>' + PLAIN_ROW + '<td class="chg {up}">{size}%</td></tr>') + "</table>",
    "sign in an icon": "<ul>" + each('<li><b>{name}</b> <span>${price}</span> <em><i class="icon-caret-{up}"></i>{size}%</em></li>') + "</ul>",
    "sign in an icon's file": "<ul>" + each('<li><b>{name}</b> <span>${price}</span> <em><img src="/i/arrow_{up}.svg">{size}%</em></li>') + "</ul>",
    "sign in an aria-label": "<div>" + each('<div class="row"><div>{name}</div><div>${price}</div><div aria-label="{up}">{size}%</div></div>') + "</div>",
    "boxes": '<div class="board">' + each("<div><div>{name}</div><div>${price}</div><div>{change}%</div></div>") + "</div>",
    "boxes nested": "<section>" + each("<article><header><img alt='{name}'><h3>{name}</h3><small>{symbol}</small></header><div><p>${price}</p><p>{change}%</p></div></article>") + "</section>",
    "no boxes": "<section>" + each("<p>{name}</p><p>${price}</p><p>{change}%</p>") + "</section>",
    "heads in two rows": "<table><tr><th rowspan=2>Coin<th colspan=2>Price<th colspan=2>Change</tr><tr><th>USD<th>EUR<th>24h<th>7d</tr>"
    + each("<tr><td>{name}<td>{price}<td>1<td>{change}%<td>+9.1%</tr>") + "</table>",
    "heads in a table above": "<table><tr><th>Name<th>Market Cap<th>Price<th>% 24h</tr></table><table>"
    + each("<tr><td>{name}<td>{cap}<td>${price}<td>{change}%</tr>") + "</table>",
    "thrice, as a marquee": "".join("<ul>" + each("<li>{name} <b>${price}</b> <i>{change}%</i></li>") + "</ul>" for _ in range(3)),
}  # fmt: skip
