"""`python -m letters`, and the command `letters`: no interruption ends in a traceback.

While a command works, Ctrl-C is an exception, which it tells in a sentence. Before, while it is
imported, and after, while Python shuts down, Ctrl-C ends the process without a word.
"""

from __future__ import annotations

import os
import sys  # and nothing that takes time before there are hooks

TYPE_CHECKING = False

if TYPE_CHECKING:
    from sys import UnraisableHookArgs
    from types import FrameType, TracebackType

_COMPLETE = "_LETTERS_COMPLETE"  # click's: what a shell asks
_interrupted = False  # what a library raises in the place of an interruption counts as one


def main() -> None:
    """Run a command, as the arguments say; ends with its exit status."""
    _hush()
    from signal import SIG_DFL, SIG_IGN, SIGINT, default_int_handler, getsignal, signal

    handler = getsignal(SIGINT)
    outside = SIG_IGN if handler is SIG_IGN else SIG_DFL  # who ignores it, such as nohup, goes on
    signal(SIGINT, outside)
    from letters.cli import main as commands
    from letters.typed import typing_here

    signal(SIGINT, _interrupt if handler is default_int_handler else handler)
    try:
        commands(prog_name=_typed(typing_here().program), complete_var=_COMPLETE)
    finally:
        signal(SIGINT, outside)


def _typed(program: str) -> str:
    """The command as it is typed here; a shell that asks what to complete knows it by its name."""
    return "letters" if _COMPLETE in os.environ else program


def _interrupt(number: int, frame: FrameType | None) -> None:
    global _interrupted
    _interrupted = True
    raise KeyboardInterrupt


def _hush() -> None:
    """Let an interruption that nothing catches, or that cannot be raised, end the process."""
    uncaught, unraisable = sys.excepthook, sys.unraisablehook

    def excepthook(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if _interrupted or issubclass(kind, KeyboardInterrupt):
            _end()
        uncaught(kind, error, trace)

    def unraisablehook(what: UnraisableHookArgs) -> None:
        if issubclass(what.exc_type, KeyboardInterrupt):
            _end()
        unraisable(what)

    sys.excepthook, sys.unraisablehook = excepthook, unraisablehook


def _end() -> None:
    """End by the signal, as who started the process expects of one that was interrupted."""
    try:
        from signal import SIG_DFL, SIGINT, raise_signal, signal

        signal(SIGINT, SIG_DFL)
        raise_signal(SIGINT)
    except KeyboardInterrupt:  # another one
        _end()


if __name__ == "__main__":
    main()
