import functools
import sys

import numpy as np
import pytest
from mechanics import make_designs, specifications, topology_optimization
from mechanics.specifications import SIZE


@pytest.fixture
def few(monkeypatch):
    """Two specifications a chunk, and designs that need not be worked out to the end."""
    optimize = functools.partial(topology_optimization.optimize, tolerance=0.15)
    monkeypatch.setattr(make_designs, "CHUNK", 2)
    monkeypatch.setattr(specifications, "optimize", optimize)


def chunks(work):
    number = 0
    while True:
        yield make_designs.chunk_of_designs(number, 0, work)
        number += 1


def test_stopped_and_started_again_it_makes_the_same(few, tmp_path, monkeypatch, capsys):
    whole, conditions = make_designs.collect(5, chunks(tmp_path / "whole"))
    make_designs.collect(2, chunks(tmp_path / "stopped"))
    made = sorted((tmp_path / "stopped").glob("*.npz"))
    times = [path.stat().st_mtime_ns for path in made]
    again, again_conditions = make_designs.collect(5, chunks(tmp_path / "stopped"))
    np.testing.assert_array_equal(again, whole)
    np.testing.assert_array_equal(again_conditions, conditions)
    assert [path.stat().st_mtime_ns for path in made] == times
    assert "5 of 5 designs" in capsys.readouterr().out


@pytest.fixture(autouse=True)
def _folders(tmp_path):
    for name in ("whole", "stopped"):
        (tmp_path / name).mkdir()


def test_designs_that_are_too_near_are_left_out():
    design = np.zeros((SIZE, SIZE), bool)
    near, far = design.copy(), design.copy()
    near[0, :49] = True  # 49 of 2,500 pixels
    far[0, :50] = True  # 2%
    conditions = np.zeros((3, 13), "float32")
    conditions[:, 0] = 0, 1, 2
    kept, kept_conditions = make_designs.collect(2, [(np.stack([design, near, far]), conditions)])
    np.testing.assert_array_equal(kept.reshape(2, SIZE, SIZE), [design, far])
    assert kept_conditions[:, 0].tolist() == [0, 2]


def test_what_did_not_converge_is_left_out(monkeypatch):
    specification = make_designs.Specification.random(np.random.default_rng((0, 1)))
    optimum = specification.optimum()
    monkeypatch.setattr(make_designs.Specification, "optimum", lambda _: optimum)
    assert make_designs.optimized(specification) is not None
    optimum.converged = False
    assert make_designs.optimized(specification) is None


def test_the_command_writes_the_packed_file(tmp_path, monkeypatch, few):
    output = tmp_path / "designs.npz"
    options = [
        "--designs",
        "3",
        "--processes",
        "1",
        "--work",
        str(tmp_path),
        "--output",
        str(output),
    ]
    monkeypatch.setattr(sys, "argv", ["make_designs.py", *options])
    monkeypatch.setattr(make_designs.multiprocessing, "get_context", lambda _: InProcess)
    make_designs.main()
    with np.load(output) as arrays:
        assert arrays["designs"].shape == (3, 313)
        assert arrays["conditions"].dtype == "float32"


class InProcess:
    """A pool that works where it stands."""

    @staticmethod
    def Pool(_):
        return InProcess()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    imap = staticmethod(map)
