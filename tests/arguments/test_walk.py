"""Whatever is passed to the public API is right, or refused with an error in three parts."""

import inspect

import calls
import pytest
import walk

import keras_gans as kg

IN_METHODS = "plot_class_interpolation", "plot_latent_interpolation"  # which need a model


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("entries", calls.CHEAP, ids=lambda entries: entries.__name__)
def test_wrong_values_are_refused_in_three_parts(entries):
    cases = [case for entry in entries() for case in walk.walk(entry, right=False)]
    assert [str(case) for case in cases if case.outcome in walk.BAD] == []
    assert len(cases) > 50


def public():
    """All public functions and classes, by name."""
    rooms = [kg, *(getattr(kg, room) for room in calls.ROOMS)]
    values = {name: getattr(room, name) for room in rooms for name in room.__all__}
    return {name: v for name, v in values.items() if inspect.isclass(v) or inspect.isfunction(v)}


def test_the_walk_meets_every_public_name_and_each_of_its_arguments():
    entries = {entry.name: entry for entry in calls.constructors_and_functions()}
    assert set(public()) - set(IN_METHODS) == set(entries)
    for name, entry in entries.items():
        assert set(entry.kinds) == set(entry.parameters), name


@pytest.mark.slow
def test_right_values_are_accepted_and_methods_refuse_wrong_ones():
    from methods import costly

    cases = walk.judged([*calls.constructors_and_functions(), *costly()])
    print(walk.table(cases))
    assert [str(case) for case in cases if case.outcome in walk.BAD] == []
