"""The language of templates: Jinja without what could print something wrong; only user of jinja2.

No arithmetic, no comparing of what is printed, nothing endless: each text that is written has so
many rounds of loops, calls and characters, and a template that could go in circles is refused.
"""

from __future__ import annotations

import re
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from difflib import get_close_matches
from functools import lru_cache, wraps
from itertools import islice
from types import CodeType
from typing import Any, NamedTuple

import jinja2
import jinja2.ext
from jinja2 import StrictUndefined, Undefined, nodes, sandbox
from jinja2.bccache import Bucket
from jinja2.filters import do_mark_safe, do_replace, make_attrgetter, sync_do_join
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import BlockReference, LoopContext, Macro, markup_join, str_join
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing
from jinja2.visitor import NodeTransformer

from letters.campaign.markdown import markdown
from letters.errors import Place, Problem
from letters.typesetting import formats
from letters.typesetting.brand import Brand
from letters.typesetting.context import Printed, Question
from letters.typesetting.pictures import picture_tag
from letters.typesetting.printable import (
    ASK_FIGURES,
    Misuse,
    comparable,
    each,
    is_html,
    is_number,
    is_printed,
    said,
    small,
    spent,
)
from letters.typesetting.template_syntax import Told, at_sign, explain
from letters.wording import did_you_mean, quoted, reason_of, there_are

#: The filters of templates that are ours.
FILTERS: Mapping[str, Callable[..., Any]] = {
    "day": formats.day,
    "short_day": formats.short_day,
    "number": formats.number,
    "in_words": formats.in_words,
    "plural": formats.plural,
    "listing": formats.sentence_list,
    "markdown": markdown,
}
#: Those of the library's filters and tests that choose, order and shape what is there.
LIBRARY_FILTERS = tuple(
    "capitalize count default e escape first join last length list lower map reject"
    " rejectattr replace reverse select selectattr sort string title trim unique upper".split()
)
LIBRARY_TESTS = tuple(
    "defined even false mapping none number odd sequence string true undefined".split()
)
#: those that give another text, and those that compare
_SHAPING = ("capitalize", "e", "escape", "lower", "string", "title", "trim", "upper")
_ORDERING = ("sort", "unique")
#: What may be called of texts and dates.
_METHODS = frozenset(
    "capitalize endswith isoformat lower lstrip removeprefix removesuffix rstrip split startswith"
    " strip title upper".split()
)

#: what the library calls internal of functions, generators and classes; here of anything
_INSIDE = frozenset({"mro"}).union(
    sandbox.UNSAFE_FUNCTION_ATTRIBUTES,
    sandbox.UNSAFE_METHOD_ATTRIBUTES,
    sandbox.UNSAFE_GENERATOR_ATTRIBUTES,
    sandbox.UNSAFE_COROUTINE_ATTRIBUTES,
    sandbox.UNSAFE_ASYNC_GENERATOR_ATTRIBUTES,
)
_ARITHMETIC = {
    nodes.Add: "+", nodes.Sub: "-", nodes.Mul: "*", nodes.Div: "/", nodes.FloorDiv: "//",
    nodes.Mod: "%", nodes.Pow: "**", nodes.Neg: "-", nodes.Pos: "+",
}  # fmt: skip
_USES = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)
_GIVEN = ("letter", "enclosures", "brand", "picture")  #: what a template is given
#: The filters that use another one, or a test, by its name; and as which argument.
_BY_NAME = {
    "map": (0, "filter"),
    "select": (0, "test"),
    "reject": (0, "test"),
    "selectattr": (1, "test"),
    "rejectattr": (1, "test"),
}
_ONE_AT_A_TIME = threading.Lock()
_FIRST_MARK = 0xF0000  #: signs that no letter has, of 130,000 that nobody has given a meaning
_MARK = re.compile("[\U000f0000-\U0010ffff]")

#: What is done in place of a filter that is not there.
_INSTEAD = dict.fromkeys(
    ("round", "abs", "sum", "min", "max"), "numbers arrive worked out and rounded"
) | dict.fromkeys(("int", "float"), ASK_FIGURES)
_SYNTAX = {"trim_blocks": True, "lstrip_blocks": True}  #: of each template
_MANY = 256  #: templates whose trees are kept
_NEVER = "so it is never printed"
_A_PICTURE = 'write picture("2021/pictures/name.svg", alt="...", height="14mm")'
_NO_ARITHMETIC = "numbers arrive worked out and rounded; ~ joins texts"


class Slip(NamedTuple):
    """Something that a template may not say; the column is found by the sign."""

    line: int
    sentence: str
    hint: str = ""
    sign: str = ""


class NotAllowed(jinja2.TemplateSyntaxError):
    """A template says what none may say."""

    def __init__(self, slips: Sequence[Slip], name: str | None) -> None:
        super().__init__(slips[0].sentence, slips[0].line, name)
        self.slips = tuple(slips)


class NoText(ValueError):
    """What is to be a template is no text."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


class Language:
    """Templates by name, from whatever gives their texts."""

    def __init__(
        self,
        source: Callable[[str], tuple[str, str, None] | None],
        own: bool = False,
        brand: Brand | None = None,
    ) -> None:
        """`source` gives a template's text, the name that errors give, and None.

        Of our `own` pages values are not looked at where they are used. Templates of letters see
        their `brand`, and print a `picture`.
        """
        self._environment = (_Library if own else _Sandbox)(
            loader=jinja2.FunctionLoader(source),
            undefined=_Unknown,
            autoescape=lambda name: name is None or name.endswith(".html.jinja"),
            auto_reload=False,
            finalize=_something if own else None,
            bytecode_cache=_COMPILED[own],
            **_SYNTAX,
        )
        self.picture = _PictureOfATemplate()
        if not own:
            self._environment.globals |= {"brand": brand, "picture": self.picture}
        self._marks: list[tuple[str, int]] = []  # a template and a line of it for each mark
        self._marking = self._environment.overlay(extensions=[_Marks], bytecode_cache=None)
        self._marking.extensions[_Marks.identifier].places = self._marks  # type: ignore[attr-defined]

    def parse(self, name: str) -> None:
        """Read a template. Raises whatever is wrong with it."""
        self._environment.get_template(name)

    def own_text(self, text: str) -> Iterator[tuple[int, str]]:
        """The lines of a template's own text, without what stands in its braces, and their numbers.

        Raises whatever is wrong with it; a line may come in several pieces.
        """
        for number, token, value in self._environment.lex(text):
            if token == "data":
                yield from enumerate(value.split("\n"), start=number)

    def texts(self, name: str, text: str) -> Iterator[tuple[Place, str]]:
        """The texts in quotes that a template may print. Raises whatever is wrong with it."""
        tree = _tree(text, name)
        shaping = {id(one) for node in tree.find_all(nodes.Filter) for one in node.args}
        printing = (nodes.Output, nodes.Call, nodes.Concat, nodes.Assign, nodes.List, nodes.Tuple)
        for node in tree.find_all(printing):
            for one in node.iter_child_nodes():
                is_text = isinstance(one, nodes.Const) and isinstance(one.value, str)
                if is_text and id(one) not in shaping:
                    said = str(one.value)  # type: ignore[attr-defined]
                    yield at_sign(f"templates/{name}", one.lineno, said, lambda _: text), said

    def pictures(self, name: str, text: str) -> Iterator[tuple[str, Place]]:
        """The pictures that a template names, and where. Raises whatever is wrong with it."""
        for call in _pictures(_tree(text, name)):
            file = next((one.value for one in call.kwargs if one.key == "file"), None)
            file = call.args[0] if call.args else file
            if isinstance(file, nodes.Const):
                named = str(file.value)
                yield named, at_sign(f"templates/{name}", file.lineno, named, lambda _: text)

    def uses(self, name: str, text: str) -> Iterator[tuple[str, Place]]:
        """The templates that a template names, and where. Raises whatever is wrong with it."""
        for node in _tree(text, name).find_all(_USES):
            named: nodes.Expr = node.template  # type: ignore[attr-defined]
            for one in named.items if isinstance(named, nodes.List | nodes.Tuple) else [named]:
                if isinstance(one, nodes.Const):
                    used = str(one.value)
                    lines = enumerate(text.split("\n"), start=1)
                    after = (
                        number for number, line in lines if number >= node.lineno and used in line
                    )
                    line = next(after, node.lineno)
                    yield used, at_sign(f"templates/{name}", line, used, lambda _: text)

    def lost(self, name: str, text: str) -> Iterator[Told]:
        """What of a template is never printed, for the one that it extends has no place for it.

        Raises whatever is wrong with it, or with the one that it extends.
        """
        tree = _tree(text, name)
        base = next(tree.find_all(nodes.Extends), None)
        if base is None or not isinstance(base.template, nodes.Const):
            return
        extended = str(base.template.value)
        places = self._blocks(extended)
        for node in tree.body:
            if isinstance(node, nodes.Block):
                if node.name not in places:
                    said = f"{quoted(extended)} has no block {quoted(node.name)}, {_NEVER}"
                    hint = did_you_mean(node.name, sorted(places)) or there_are(sorted(places))
                    here = at_sign(f"templates/{name}", node.lineno, node.name, lambda _: text)
                    yield Told(here, said, hint)
            elif not isinstance(node, nodes.Macro | nodes.AssignBlock):
                outputs = [node] if isinstance(node, nodes.Output) else node.find_all(nodes.Output)
                for line, sign in islice(filter(None, map(_first_words, outputs)), 1):
                    said = f"this stands outside of all blocks, {_NEVER}"
                    here = at_sign(f"templates/{name}", line, sign, lambda _: text)
                    yield Told(here, said, "write it into one of the blocks")

    def _blocks(self, name: str) -> frozenset[str]:
        """The blocks that a template prints, and those that it inherits."""
        text = self._environment.loader.get_source(self._environment, name)[0]  # type: ignore[union-attr]
        tree = _tree(text, name)
        bases = [
            str(one.template.value)
            for one in tree.find_all(nodes.Extends)
            if isinstance(one.template, nodes.Const)
        ]
        blocks = frozenset(one.name for one in tree.find_all(nodes.Block))
        return blocks.union(*map(self._blocks, bases))

    def written(self, name: str, values: Mapping[str, Any]) -> str:
        """A template with values. Raises whatever is wrong with it."""
        with spent.anew():
            return self._environment.get_template(name).render(values)

    def begun(self, name: str, values: Mapping[str, Any]) -> str:
        """What is written of a template before something is wrong with it; "" for nothing."""
        parts: list[str] = []
        with suppress(Exception), spent.anew():
            parts.extend(self._environment.get_template(name).generate(values))
        return "".join(parts)

    def marked(self, name: str, values: Mapping[str, Any]) -> tuple[str, tuple[Mark, ...]]:
        """The same with the place of each line of a template's own text in it."""
        with spent.anew():
            return _without_marks(self._marking.get_template(name).render(values), self._marks)


def _first_words(output: nodes.Output) -> tuple[int, str] | None:
    """The line of the first thing that is printed, and what says it; None for nothing."""
    for piece in output.nodes:
        if not isinstance(piece, nodes.TemplateData):
            return piece.lineno, ""
        for number, line in enumerate(piece.data.split("\n"), start=piece.lineno):
            if line.strip():
                return number, line.strip()
    return None


def _something(value: Any) -> Any:
    """What our own pages print: never nothing."""
    if value is None:
        raise Misuse("there is nothing to print")
    return value


@lru_cache(maxsize=_MANY)
def _tree(text: str, name: str) -> nodes.Template:
    """A template's tree, to look at and not to change. Raises whatever is wrong with it."""
    return _Library(**_SYNTAX).parse(text, name)


class _Compiled(jinja2.BytecodeCache):
    """Keeps each template as it was compiled last, for as long as its text is the same."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, CodeType | None]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._kept.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.checksum, bucket.code


_COMPILED = {own: _Compiled() for own in (True, False)}  #: our own pages are compiled otherwise


class Mark(NamedTuple):
    """Where a line of a template begins in the text that was written."""

    offset: int
    template: str
    line: int


class _Library(SandboxedEnvironment):
    """Lets no template at what is inside of Python's own things, by names alone: that is quick."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.globals.clear()
        self.filters |= FILTERS

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return attr not in _INSIDE and not attr.startswith("_")


class _Sandbox(_Library):
    """Lets a template say what is known to be meant, and no more."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.filters = {name: self.filters[name] for name in LIBRARY_FILTERS}
        self.filters |= {name: _of_known(shape) for name, shape in FILTERS.items()}
        self.filters |= {name: _of_words(self.filters[name]) for name in _SHAPING}
        self.filters |= {name: _of_unprinted(self.filters[name]) for name in _ORDERING}
        self.tests = {name: self.tests[name] for name in LIBRARY_TESTS}
        self.filters |= {
            "join": _join,
            "replace": _replace,
            _EACH: each,
            _JOINED: _joined,
            _SAID: _printed,
            _COMPARABLE: _compared,
            _SMALL: small,
        }

    def is_safe_callable(self, obj: Any) -> bool:
        spent.round()
        if isinstance(obj, Undefined):
            return True  # calling it raises what is to be said
        owner, name = getattr(obj, "__self__", None), getattr(obj, "__name__", "")
        ours = isinstance(obj, Macro | BlockReference | Question | _PictureOfATemplate)
        if ours or (isinstance(owner, LoopContext) and name == "cycle"):
            return True
        if isinstance(owner, str | date) and not is_printed(owner) and name in _METHODS:
            return True
        if not callable(obj):
            raise Misuse("this is nothing to call: write it without its brackets")
        raise Misuse(f"{quoted(name or 'this')} may not be called in a template")

    def call(self, context: Any, obj: Any, *arguments: Any, **named: Any) -> Any:
        if isinstance(getattr(obj, "__self__", None), str) and any(map(is_number, arguments)):
            raise Misuse(f"a text that is printed is no number to compare: {ASK_FIGURES}")
        return super().call(context, obj, *arguments, **named)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if is_printed(argument):
            raise Misuse("a text that is printed is no key")
        return super().getitem(obj, argument)

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        raise Misuse(f"{quoted(attribute)} may not be used in a template")

    def get_template(self, *arguments: Any, **named: Any) -> jinja2.Template:
        spent.round()
        return super().get_template(*arguments, **named)

    def compile(self, source: Any, name: str | None = None, *others: Any, **more: Any) -> Any:
        """Refuse what no template may say, and look at values where they are used."""
        tree = self.parse(source, name) if isinstance(source, str) else source
        if slips := tuple(dict.fromkeys(_slips(tree, name or ""))):
            raise NotAllowed(slips, name)
        return super().compile(_Watched().visit(tree), name, *others, **more)


# What a template may not say ------------------------------------------------------------------


def _slips(tree: nodes.Template, name: str) -> Iterator[Slip]:
    for modified in tree.find_all(nodes.EvalContextModifier):
        sentence = "what is printed in HTML is always escaped"
        yield Slip(modified.lineno, sentence, "delete this", "autoescape")
    for one in tree.find_all(nodes.Name):
        if one.name in _GIVEN and one.ctx != "load":
            sentence = f"{quoted(one.name)} is given, and no other value may have its name"
            yield Slip(one.lineno, sentence, "choose another name", one.name)
        if one.name in ("varargs", "kwargs"):
            sentence = f"there is no {quoted(one.name)}: a macro names what it takes"
            yield Slip(one.lineno, sentence, "", one.name)
    for node in tree.find_all(tuple(_ARITHMETIC)):
        sign = _ARITHMETIC[type(node)]
        if isinstance(node, nodes.UnaryExpr) and isinstance(node.node, nodes.Const):
            continue  # a number below 0, such as the place of a list's last entry
        sentence = f"there is no arithmetic in templates, found {quoted(sign)}"
        yield Slip(node.lineno, sentence, _NO_ARITHMETIC, sign)
    for loop in tree.find_all(nodes.For):
        if loop.recursive:
            yield Slip(loop.lineno, "a loop may not go in circles", "delete the word", "recursive")
        if loop.test and not loop.else_:
            sentence = 'a loop with an "if" may find nothing to print'
            yield Slip(loop.lineno, sentence, "write what is printed then after an else", "if")
    for used in tree.find_all(_USES):
        yield from _wrong_use(used, name)
    for call in _pictures(tree):
        if name.rpartition("/")[2].startswith("email."):
            sentence = "an e-mail holds no pictures: many programs do not show them"
            yield Slip(call.lineno, sentence, "delete this", "picture")
    yield from _circles(tree)
    yield from _used_by_name(tree)
    for asked in tree.find_all((nodes.If, nodes.CondExpr)):
        test: nodes.Expr = asked.test  # type: ignore[attr-defined]
        joined: list[nodes.Node] = [test, *test.find_all((nodes.Or, nodes.And))]
        for both in joined:
            alone = [getattr(both, side, None) for side in ("left", "right")]
            if any(isinstance(side, nodes.Const) and isinstance(side.value, str) for side in alone):
                sentence = "a text alone is always true: nothing is compared with it"
                yield Slip(
                    asked.lineno, sentence, 'write `x == "a" or x == "b"`, or `x in ["a", "b"]`'
                )
    for which, known in (
        (nodes.Filter, FILTERS.keys() | LIBRARY_FILTERS),
        (nodes.Test, LIBRARY_TESTS),
    ):
        what = which.__name__.lower()
        for node in tree.find_all(which):
            if node.name not in known:
                yield _not_there(node.lineno, what, node.name, known)


def _pictures(tree: nodes.Template) -> Iterator[nodes.Call]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "picture":
            yield call


class _PictureOfATemplate:
    """What templates call to print a picture: HTML, which is escaped already."""

    def __init__(self) -> None:
        self.known: frozenset[str] = frozenset()  #: by name: those of now

    @jinja2.pass_eval_context
    def __call__(
        self,
        context: nodes.EvalContext,
        file: Any,
        alt: Any = None,
        height: Any = None,
        *others: Any,
        **more: Any,
    ) -> str:
        if others or more:
            named = f", found {quoted(next(iter(more)))}" if more else ""
            raise Misuse(f"a picture takes alt and height{named}", _A_PICTURE)
        if not context.autoescape:
            raise Misuse("what is no HTML holds no pictures")
        if isinstance(file, str) and file not in self.known:
            sentence = f"the picture {quoted(file)} is not named where it is printed"
            raise Misuse(f"{sentence}, so that nobody knows it before letters are made", _A_PICTURE)
        if isinstance(file, Undefined):
            str(file)  # raises what is to be said of an unknown name
        if file is None:
            raise Misuse("there is no such picture", "ask for it with an if before it is printed")
        return do_mark_safe(spent.text(picture_tag(file, alt, height)))


def _wrong_use(used: nodes.Stmt, by: str) -> Iterator[Slip]:
    """What is wrong with how a template names another one."""
    named: nodes.Expr = used.template  # type: ignore[attr-defined]
    several = isinstance(used, nodes.Include) and isinstance(named, nodes.List | nodes.Tuple)
    for one in named.items if several else [named]:  # type: ignore[attr-defined]
        if not isinstance(one, nodes.Const):
            sentence = "a template is named in quotes, so that it is known before letters are made"
            yield Slip(used.lineno, sentence, 'write "folder/name.html.jinja"')
        elif _is_html_file(by) and not _is_html_file(str(one.value)):
            sentence = "what is HTML uses what is HTML: in other templates nothing is escaped"
            yield Slip(used.lineno, sentence, 'name it "....html.jinja"', str(one.value))
    if isinstance(used, nodes.Include) and used.ignore_missing:
        sentence = "a template that is missing is an error"
        yield Slip(used.lineno, sentence, "delete the words", "ignore missing")


def _used_by_name(tree: nodes.Template) -> Iterator[Slip]:
    for node in tree.find_all(nodes.Filter):
        place, what = _BY_NAME.get(node.name, (0, ""))
        known = FILTERS.keys() | LIBRARY_FILTERS if what == "filter" else LIBRARY_TESTS
        if what and len(node.args) > place and isinstance(node.args[place], nodes.Const):
            used = str(node.args[place].value)  # type: ignore[attr-defined]
            if used not in known:
                yield _not_there(node.lineno, what, used, known)


def _not_there(line: int, what: str, name: str, known: Iterable[str]) -> Slip:
    """What to say of a filter or a test that there is none of."""
    sentence, instead = f"there is no {what} {quoted(name)}", _INSTEAD.get(name, "")
    if instead == ASK_FIGURES:
        return Slip(line, f"{sentence}: {instead}", "", name)
    return Slip(line, sentence, instead or did_you_mean(name, sorted(known)), name)


def _is_html_file(name: str) -> bool:
    return name.endswith(".html.jinja")


def _circles(tree: nodes.Template) -> Iterator[Slip]:
    """Macros and blocks that call themselves, by way of others too."""
    calls: dict[str, list[tuple[str, int]]] = {}
    named: list[nodes.Macro | nodes.Block] = [
        *tree.find_all(nodes.Macro),
        *tree.find_all(nodes.Block),
    ]
    for one in named:
        called = ((_called(call, one), call.lineno) for call in one.find_all(nodes.Call))
        calls[one.name] = [(name, line) for name, line in called if name]
    for name in calls:
        reached, waiting = set[str](), [name]
        while waiting:
            for other, line in calls.get(waiting.pop(), ()):
                if other == name:
                    yield Slip(line, f"{quoted(name)} calls itself", "write it without", name)
                if other not in reached:
                    reached.add(other)
                    waiting.append(other)


def _called(call: nodes.Call, by: nodes.Macro | nodes.Block) -> str:
    """The macro that a macro calls, the block that a block prints; "" for anything else."""
    match by, call.node:
        case nodes.Macro(), nodes.Name(name=name):
            return str(name)
        case nodes.Block(), nodes.Getattr(node=nodes.Name(name="self"), attr=block):
            return str(block)
        case nodes.Block(), nodes.Getitem(
            node=nodes.Name(name="self"), arg=nodes.Const(value=block)
        ):
            return str(block)
    return ""


# How values are looked at where they are used --------------------------------------------------

_EACH, _JOINED, _SAID = "(each)", "(joined)", "(said)"
_COMPARABLE, _SMALL = "(comparable)", "(small)"


class _Watched(NodeTransformer):
    """Puts filters of our own, which no template can name, around values."""

    def visit_For(self, node: nodes.For) -> nodes.Node:
        self.generic_visit(node)
        otherwise = nodes.Const(bool(node.else_))
        node.iter = _filtered(node.iter, _EACH, otherwise)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), _JOINED)

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        self.generic_visit(node)
        left = node.expr
        node.expr = _filtered(left, _COMPARABLE, nodes.Const(node.ops[0].op))
        for one in node.ops:
            one.expr = _filtered(one.expr, _COMPARABLE, nodes.Const(one.op), left)
        return node

    def visit_List(self, node: nodes.Literal) -> nodes.Node:
        self.generic_visit(node)
        return node if getattr(node, "ctx", "") == "store" else _filtered(node, _SMALL)

    visit_Tuple = visit_Dict = visit_List

    def visit_Output(self, node: nodes.Output) -> nodes.Node:
        self.generic_visit(node)
        node.nodes = [
            one if isinstance(one, nodes.TemplateData) else _filtered(one, _SAID, _is_named(one))
            for one in node.nodes
        ]
        return node


def _is_named(node: nodes.Node) -> nodes.Const:
    """Whether what is printed is a value by its name, where nothing is never meant."""
    if isinstance(node, nodes.Or | nodes.And):
        return _is_named(node.right)
    if isinstance(node, nodes.CondExpr):
        branches = (one for one in (node.expr1, node.expr2) if one is not None)
        return nodes.Const(any(_is_named(one).value for one in branches))
    return nodes.Const(isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem | nodes.Filter))


def _filtered(node: nodes.Node, name: str, *arguments: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, list(arguments), [], None, None, lineno=node.lineno)


def _printed(value: Any, is_named: bool) -> Any:
    return value if isinstance(value, Undefined) else said(value, is_named)


def _compared(value: Any, how: str, *others: Any) -> Any:
    unknown = any(isinstance(one, Undefined) for one in (value, *others))
    return value if unknown else comparable(value, how, *others)


@jinja2.pass_eval_context
def _joined(context: nodes.EvalContext, parts: Sequence[Any]) -> str:
    parts = [_printed(part, is_named=False) for part in parts]
    made = spent.text(markup_join(parts) if context.autoescape else str_join(parts))
    return Printed(made) if any(map(is_number, parts)) and not is_html(made) else made


@jinja2.pass_eval_context
def _join(
    context: nodes.EvalContext, values: Iterable[Any], between: str = "", attribute: Any = None
) -> str:
    entries = list(each(values, False))
    if attribute is None:
        entries = [_printed(one, is_named=True) for one in entries]
    made = spent.text(sync_do_join(context, entries, between, attribute))
    return Printed(made) if any(map(is_number, entries)) and not is_html(made) else made


@jinja2.pass_eval_context
def _replace(context: nodes.EvalContext, text: str, old: str, new: str, count: Any = None) -> str:
    if not old:
        raise Misuse("nothing cannot be replaced")
    parts = [_printed(one, is_named=False) for one in (text, old, new)]
    if is_printed(text) and re.search("[0-9]", f"{old}{new}"):
        raise Misuse("no figure takes the place of another one")
    whole = str(text)
    spent.make(str.__len__(whole) + whole.count(str(old)) * str.__len__(str(new)))
    made = do_replace(context, parts[0], parts[1], parts[2], count)
    return Printed(made) if is_printed(text) and not is_html(made) else made


def _of_known(shape: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that tells of an unknown name, before it wonders what kind of value that is."""

    @wraps(shape)
    def shaped(value: Any, *arguments: Any, **named: Any) -> Any:
        if isinstance(value, Iterator):  # of reverse or map
            value = tuple(value)
        made = shape(str(value) if isinstance(value, Undefined) else value, *arguments, **named)
        of_printed = isinstance(value, list | tuple) and any(map(is_printed, value))
        return Printed(made) if of_printed and not is_html(made) else made

    return shaped


def _of_words(shape: Callable[..., Any]) -> Callable[..., Any]:
    """A filter for what can be printed, which makes of a printed number another one."""

    @wraps(shape)
    def shaped(value: Any, *arguments: Any) -> Any:
        made = shape(_printed(value, is_named=False), *arguments)
        is_number = is_printed(value) or not isinstance(value, str)
        return Printed(made) if is_number and not is_html(made) else made

    return shaped


def _of_unprinted(order: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that compares the entries of a list, which are no printed numbers."""

    @wraps(order)
    def ordered(
        environment: Any, values: Any, *arguments: Any, attribute: Any = None, **named: Any
    ) -> Any:
        entries = list(each(values, True))
        of = make_attrgetter(environment, attribute)
        for value in entries:
            comparable(of(value), "in")
        return order(environment, entries, *arguments, attribute=attribute, **named)

    return ordered


class _Marks(jinja2.ext.Extension):
    """Puts a mark before each line of a template's own text: a sign that no filter changes."""

    places: list[tuple[str, int]]

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            if token.type == "data":
                lines = enumerate(token.value.split("\n"), start=token.lineno)
                text = "\n".join(self._mark(str(stream.name), *line) for line in lines)
                token = Token(token.lineno, "data", text)
            yield token

    def _mark(self, template: str, number: int, line: str) -> str:
        with _ONE_AT_A_TIME:  # the preview's threads mark, too
            self.places.append((template, number))
            return f"{chr(_FIRST_MARK + len(self.places) - 1)}{line}"


def _without_marks(marked: str, places: Sequence[tuple[str, int]]) -> tuple[str, tuple[Mark, ...]]:
    """The text that was marked, and its marks in their order."""
    parts: list[str] = []
    marks: list[Mark] = []
    offset = end = 0
    for match in _MARK.finditer(marked):
        parts.append(marked[end : match.start()])
        offset += len(parts[-1])
        marks.append(Mark(offset, *places[ord(match[0]) - _FIRST_MARK]))
        end = match.end()
    return "".join((*parts, marked[end:])), tuple(marks)


class _Unknown(StrictUndefined):
    """An unknown name: an error wherever it is used, which says what was probably meant."""

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint or self._undefined_name is None:
            return str(super()._undefined_message)
        top = self._undefined_obj is missing
        known = (
            ["letter"]
            if top
            else [name for name in dir(self._undefined_obj) if not name.startswith("_")]
        )
        near = get_close_matches(str(self._undefined_name), known, n=1)
        return f'there is no "{self._undefined_name}"' + (
            f'; did you mean "{near[0]}"?' if near else ""
        )

    def __format__(self, spec: str) -> str:
        return str(self)  # which raises


def told(error: Exception, name: str, text_of: Callable[[str], str]) -> tuple[Told, ...]:
    """What an error says that came of a template; `text_of` gives the text of a template."""
    place = _place(error, name)
    if isinstance(error, NotAllowed):
        return tuple(
            Told(at_sign(place.file, slip.line, slip.sign, text_of), slip.sentence, slip.hint)
            for slip in error.slips
        )
    if isinstance(error, NoText):
        return (Told(error.problem.place, error.problem.sentence, error.problem.hint),)
    if isinstance(error, jinja2.TemplateSyntaxError):
        return (explain(error.message or "", place, text_of),)
    sentence, hint = _said_of(error)
    if isinstance(error, RecursionError):
        place = _first(error, name)
    sign = str(error.name or "") if isinstance(error, jinja2.TemplateNotFound) else ""
    if (
        unknown := _UNKNOWN.match(error.message or "")
        if isinstance(error, jinja2.UndefinedError)
        else None
    ):
        sign = unknown[1]
    return (Told(at_sign(place.file, place.line, sign, text_of), sentence, hint),)


def _said_of(error: Exception) -> tuple[str, str]:
    match error:
        case jinja2.TemplateNotFound():
            hint = f"bring templates/{error.name}, or write another's full name, folder included"
            return f'there is no template "{error.name}"', hint
        case OSError():
            return f"the template cannot be read: {reason_of(error)}", "look at its permissions"
        case jinja2.UndefinedError():
            return f"the template uses a name that does not exist: {error.message}", ""
        case jinja2.TemplateRuntimeError() if missed := _BLOCK.search(str(error)):
            hint = (
                f"write {{% block {missed[1]} %}}...{{% endblock %}}; docs/templates.md lists them"
            )
            return f"the block {quoted(missed[1])} is missing", hint
        case Misuse():
            return str(error), error.hint
        case RecursionError() if not _frames(error):
            return "the brackets or tags of this template are nested too deeply", ""
        case RecursionError():
            return "the template goes in circles", "look at what includes or calls itself"
        case ValueError():
            return str(error), ""
        case TypeError() if "not iterable" in str(error):
            return "expected a list, found something else", ""
        case TypeError():
            return f"the template does something with a value that it is not made for: {error}", ""
        case _:
            return f"the template fails: {type(error).__name__}: {error}", ""


_UNKNOWN = re.compile('there is no "(.+?)"')
_BLOCK = re.compile(r"Required block '(\w+)' not found")


def _place(error: Exception, name: str) -> Place:
    """Where in the templates it happened: the innermost line that the traceback passes."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return Place(f"templates/{(error.name or name).removeprefix('templates/')}", error.lineno)
    if isinstance(error, jinja2.TemplateRuntimeError) and _BLOCK.search(str(error)):
        return Place(f"templates/{name}")
    frames = _frames(error)
    return frames[-1] if frames else Place(f"templates/{name}")


def _first(error: Exception, name: str) -> Place:
    """Where the circle begins: the first line that the traceback passes twice."""
    frames = _frames(error)
    seen = set[Place]()
    for frame in frames:
        if frame in seen:
            return frame
        seen.add(frame)
    return Place(f"templates/{name}")


def _frames(error: Exception) -> list[Place]:
    return [
        Place(frame.filename, frame.lineno or 1)
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith("templates/") and frame.filename.endswith(".jinja")
    ]
