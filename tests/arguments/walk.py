"""Calls everything that is public with wrong values, one argument at a time, and judges the result.

As a script it prints the table: `python tests/arguments/walk.py`. With `--all`, methods are called,
too, such as `fit`; with `--wrong`, only values that must be refused are passed, which is faster.
"""

import contextlib
import inspect
import io
import resource
import signal
import sys
import time
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

LIMIT = 20  # seconds of processor time after which a call counts as a hang
PATIENCE = 10  # times as many seconds of the clock, because others may use the processor
THREE_PARTS = "in three parts"
KERAS = "of Keras, clear"
RIGHT = "rightly accepted"
REFUSED = "refused, although right"
OBSCURE = "obscure"
WRONG = "accepted, and wrong"
HANG = "hang"
BAD = OBSCURE, WRONG, HANG, REFUSED


class Thing:
    """An object that is nothing in particular."""

    def __repr__(self):
        return "Thing()"


def wrong_values():
    """The table of values that are wrong somewhere; new objects at each call."""
    masked = np.ma.masked_array(np.zeros((4, 2)), np.eye(4, 2, dtype=bool))
    return [
        *(None, True, "a", "", 1.5, -1, 0, 1e9, 10**9, 2**63, 2**100, float("nan"), float("inf")),
        *([], (), {}, {"a": 1}, [None], ["a"], [1.5], [-1], [0], Thing(), Thing, print, b"a"),
        *(
            np.zeros((0,)),
            np.zeros((3, 7)),
            np.zeros((2, 2, 2, 2, 2, 2, 2)),
            np.full((4, 2), np.nan),
        ),
        *(np.full((4, 2), np.inf), np.full((4, 2), 1j), np.array([["a", "b"]] * 4), masked),
        *(np.array([np.zeros(2), None], dtype=object), np.zeros((4, 2), "longdouble"), np.nan + 0j),
    ]


@dataclass
class Case:
    """One function, an argument of it, and a value."""

    name: str
    argument: str
    value: object
    outcome: str = ""
    said: str = ""

    def __str__(self):
        value = self.value
        shown = (
            f"{type(value).__name__}{value.shape} of {value.dtype}"
            if (isinstance(value, np.ndarray))
            else repr(value)[:60]
        )
        return f"{self.name}({self.argument}={shown}): {self.outcome}: {self.said}"


@contextlib.contextmanager
def time_limit(seconds):
    def stop(number, frame):
        raise TimeoutError

    clocks = (signal.SIGPROF, signal.ITIMER_PROF, 1), (signal.SIGALRM, signal.ITIMER_REAL, PATIENCE)
    before = [signal.signal(number, stop) for number, _, _ in clocks]
    for _, clock, times in clocks:
        signal.setitimer(clock, times * seconds)
    try:
        yield
    finally:
        for (number, clock, _), handler in zip(clocks, before, strict=True):
            signal.setitimer(clock, 0)
            signal.signal(number, handler)


def has_three_parts(message):
    before, received, after = message.partition("Received: ")
    return bool(received) and len(before) > 15 and len(after.split(". ")) > 1


def is_of_keras(error):
    """Whether an error is raised by Keras itself, in words, not deep inside of TensorFlow."""
    frames = inspect.getinnerframes(error.__traceback__)
    file = frames[-1].filename if frames else ""
    return "keras/src" in file and len(str(error)) > 30


def call(function, arguments, case, kind):
    """Calls a function, and judges what comes of it."""
    right = bool(kind.accepts(case.value))
    try:
        with (
            time_limit(LIMIT),
            warnings.catch_warnings(),
            contextlib.redirect_stdout(io.StringIO()),
        ):
            warnings.simplefilter("ignore")
            function(**arguments)
    except TimeoutError:
        case.outcome = HANG
    except Exception as error:
        case.said = f"{type(error).__name__}: {' '.join(str(error).split())}"
        if right:
            case.outcome = REFUSED
        elif has_three_parts(case.said):
            case.outcome = THREE_PARTS
        elif kind.of_keras and is_of_keras(error):
            case.outcome = KERAS
        else:
            case.outcome = OBSCURE
    else:
        case.outcome = RIGHT if right else WRONG
    return case


def walk(entry, right=True):
    """The cases of one entry of `calls.py`, judged; without `right`, values to be refused only."""
    for argument, kind in entry.kinds.items():
        for value in [*wrong_values(), *kind.also, *kind.right]:
            skipped = any(value is one for one in kind.skipped)
            if skipped or (not right and kind.accepts(value)):
                continue
            arguments = {**entry.arguments(), argument: value}
            yield call(entry.function, arguments, Case(entry.name, argument, value), kind)


def table(cases):
    """The counts as text, and a line for each case that is not as it should be."""
    counts = Counter(case.outcome for case in cases)
    lines = [
        f"{outcome:24}{counts[outcome]:6}"
        for outcome in (THREE_PARTS, KERAS, RIGHT, REFUSED, OBSCURE, WRONG, HANG)
    ]
    return "\n".join([f"{'outcome':24}{'calls':>6}", *lines, f"{'sum':24}{len(cases):6}"])


def limit_memory(more=4 * 2**30):
    """Lets huge sizes end in a MemoryError; so much more memory than now can be had."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + more, resource.RLIM_INFINITY))


def judged(entries, right=True):
    """All cases of some entries; prints the bad ones as it goes, and the time of each entry."""
    cases = []
    for entry in entries:
        start = time.perf_counter()
        own = list(walk(entry, right))
        cases += own
        for case in own:
            if case.outcome in BAD:
                print(str(case)[:400])
        print(f"-- {entry.name}: {len(own)} calls, {time.perf_counter() - start:.1f} s", flush=True)
    return cases


def main():
    from calls import constructors_and_functions
    from methods import costly

    limit_memory()
    entries = constructors_and_functions()
    entries += costly() if "--all" in sys.argv else []
    names = [name for name in sys.argv[1:] if not name.startswith("-")]
    entries = [entry for entry in entries if not names or entry.name in names]
    print(table(judged(entries, right="--wrong" not in sys.argv)))


if __name__ == "__main__":
    main()
