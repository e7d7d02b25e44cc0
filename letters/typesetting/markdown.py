"""Bespoke text as HTML; only user of markdown-it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup, escape


def markdown(text: str) -> Markup:
    """Bespoke text as HTML: paragraphs, lists, emphasis, links; all else shows as written.

    Where its links lead is looked at in the letter as a whole.
    """
    return Markup(_markdown().render(text))


@cache
def _markdown() -> MarkdownIt:
    """CommonMark with the rules of a letter's text only."""
    parser = MarkdownIt("zero")
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # a bad one is told, never hidden
    parser.enable(["list", "emphasis", "image", "link", "autolink", "escape", "entity", "newline"])
    parser.add_render_rule("image", _picture)
    parser.add_render_rule("paragraph_open", _paragraph_open)
    parser.add_render_rule("paragraph_close", _paragraph_close)
    parser.core.ruler.push("plain_links", _plain_links)
    return parser


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


def _picture(
    renderer: object, tokens: Sequence[Token], index: int, options: object, env: object
) -> str:
    """A picture as it was written, for a letter has none."""
    token = tokens[index]
    return str(escape(f"![{token.content}]({token.attrs['src']})"))
