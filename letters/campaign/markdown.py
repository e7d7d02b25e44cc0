"""Bespoke text as HTML, and what of it is printed as it was written; only user of markdown-it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup, escape


def markdown(text: str) -> Markup:
    """Bespoke text as HTML: paragraphs, lists, emphasis, links; all else shows as written.

    Where its links lead is looked at in the letter as a whole.
    """
    return Markup(_markdown().render(text))


def document(text: str) -> Markup:
    """A text about the work, such as SOURCES.md, as HTML: headings, tables and all that CommonMark has.

    Its headings are a step lower, below the page's own. HTML in it shows as written; links to other
    files are left out, and their words stay.
    """
    return Markup(_documents().render(text))


def sections_of(text: str) -> Iterator[tuple[str, str]]:
    """The sections of such a text: what each heading says, and the text from there to the next one.

    A heading below another begins no section of its own, but for those below the title.
    """
    lines = text.splitlines(keepends=True)
    tokens = _documents().parse(text)
    starts = [
        (token.map[0], tokens[index + 1].content)
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag in ("h2", "h3") and token.map
    ]
    ends = [start for start, _ in [*starts, (len(lines), "")]][1:]
    for (start, heading), end in zip(starts, ends, strict=True):
        yield heading, "".join(lines[start:end])


class Block(NamedTuple):
    """A paragraph or an entry of a list, as it is printed."""

    line: int  #: where it begins, counted from 1
    mark: str  #: of a numbered entry, as it was typed: "1."
    text: str  #: without the signs that mean something; what somebody wanted as it is is `MEANT`
    in_word: str = ""  #: the first figures or letters between which a sign means emphasis: 3*4


MEANT = "\N{OBJECT REPLACEMENT CHARACTER}"  #: for an escape, an entity, an address between < and >


def blocks_of(text: str) -> Iterator[Block]:
    """The blocks of a bespoke text; an entry of a list that says nothing has no text."""
    before, line, mark = "", 1, ""
    for token in _markdown(joined=False).parse(text):
        line = token.map[0] + 1 if token.map else line
        if token.type == "list_item_open":
            mark = f"{token.info}{token.markup}" if token.info else ""
        elif token.type == "inline":
            inline = token.children or ()
            yield Block(line, mark, "".join(_shown(inline)) or MEANT, _in_word(inline))
            mark = ""
        elif token.type == "list_item_close" and before == "list_item_open":
            yield Block(line, mark, "")
        before = token.type


def _in_word(inline: Sequence[Token]) -> str:
    """What stands around a sign of emphasis in the middle of a word or between figures."""
    for before, sign, after in zip(inline, inline[1:], inline[2:], strict=False):
        if sign.type in ("em_open", "strong_open") and before.type == after.type == "text":
            left, right = before.content[-1:], after.content[:1]
            if left.isalnum() and right.isalnum():
                return f"{left}{sign.markup}{right}"
    return ""


def _shown(inline: Sequence[Token]) -> Iterator[str]:
    in_address = False
    for token in inline:
        if token.type in ("link_open", "link_close"):
            in_address = token.type == "link_open" and token.info == "auto"
            yield MEANT if in_address else ""
        elif token.type == "image":
            yield f"![{token.content}]({token.attrs['src']})"
        elif token.type in ("softbreak", "hardbreak"):
            yield "\n"
        elif not in_address:
            yield MEANT if token.type == "text_special" else token.content


@cache
def _markdown(joined: bool = True) -> MarkdownIt:
    """CommonMark with the rules of a letter's text only; `joined`: escapes become plain text."""
    parser = MarkdownIt("zero")
    if not joined:
        parser.disable("text_join")
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # a bad one is told, never hidden
    parser.enable(["list", "emphasis", "image", "link", "autolink", "escape", "entity", "newline"])
    parser.add_render_rule("image", _picture)
    parser.add_render_rule("paragraph_open", _paragraph_open)
    parser.add_render_rule("paragraph_close", _paragraph_close)
    parser.core.ruler.push("plain_links", _plain_links)
    parser.core.ruler.push("numbered_as_typed", _numbered_as_typed)
    return parser


@cache
def _documents() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    parser.core.ruler.push("web_links", _web_links)
    return parser


def _web_links(state: StateCore) -> None:
    """Keep the links that lead to the web, for others are paths between files; lower headings."""
    for block in state.tokens:
        if block.type.startswith("heading_"):
            block.tag = f"h{min(6, int(block.tag[1]) + 1)}"
        kept, dropped = [], 0
        for token in block.children or ():
            if token.type == "link_open" and not str(token.attrs["href"]).startswith("http"):
                dropped += 1
            elif token.type == "link_close" and dropped:
                dropped -= 1
            else:
                kept.append(token)
        if block.children is not None:
            block.children = kept


def _paragraph_open(
    renderer: object, tokens: Sequence[Token], index: int, options: object, env: object
) -> str:
    """Lines instead of paragraphs in a list: the tags of a PDF's lists allow no paragraphs."""
    if tokens[index].level == 0:
        return "<p>"
    return "" if tokens[index - 1].type == "list_item_open" else "<br>"


def _paragraph_close(
    renderer: object, tokens: Sequence[Token], index: int, options: object, env: object
) -> str:
    return "" if tokens[index].level else "</p>\n"


def _plain_links(state: StateCore) -> None:
    """Take emphasis out of links: the tags of a PDF's links hold text alone."""
    for block in state.tokens:
        inside, kept = False, []
        for token in block.children or ():
            inside = token.type == "link_open" or (inside and token.type != "link_close")
            if not (
                inside and token.type in ("em_open", "em_close", "strong_open", "strong_close")
            ):
                kept.append(token)
        if block.children is not None:
            block.children = kept


def _numbered_as_typed(state: StateCore) -> None:
    """Give each item of a list the number that was typed, where counting would give another."""
    counted: list[int] = []
    for token in state.tokens:
        if token.type == "ordered_list_open":
            counted.append(int(token.attrs.get("start", 1)))
        elif token.type == "bullet_list_open":
            counted.append(0)
        elif token.type.endswith("_list_close"):
            counted.pop()
        elif token.type == "list_item_open" and token.info:
            if (typed := int(token.info)) != counted[-1]:
                token.attrSet("value", str(typed))
            counted[-1] = typed + 1


def _picture(
    renderer: object, tokens: Sequence[Token], index: int, options: object, env: object
) -> str:
    """A picture as it was written, for a letter has none."""
    token = tokens[index]
    return str(escape(f"![{token.content}]({token.attrs['src']})"))
