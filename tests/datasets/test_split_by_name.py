import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_gans.datasets.split_by_name import rows_of_split

NAMES = st.lists(st.text(min_size=1), unique=True, max_size=40)


def split_of(names):
    """A dict from names to their split; each name belongs to one."""
    found = {}
    for split in ("train", "test"):
        try:
            rows = rows_of_split(names, split)
        except ValueError:  # there is none
            continue
        assert list(rows) == sorted(rows)
        assert not set(rows) & set(found)
        found.update(dict.fromkeys(rows, split))
    assert len(found) == len(names)
    return {names[row]: split for row, split in found.items()}


@given(NAMES, NAMES, st.randoms(use_true_random=False))
def test_more_files_move_none(names, more, random):
    together = list(dict.fromkeys([*names, *more]))
    random.shuffle(together)
    before, after = split_of(names), split_of(together)
    assert {name: after[name] for name in names} == before


def test_names_that_are_no_text_have_a_split():
    assert list(rows_of_split(["caf\udce9.png"], None)) == [0]
    assert len(split_of(["caf\udce9.png"])) == 1  # as Python reads a name in Latin 1


def test_a_split_without_files_is_an_error():
    with pytest.raises(ValueError, match="split='test', to which none of 1 pictures belongs"):
        rows_of_split(["0.png"], "test")


@pytest.mark.parametrize("form", ["{:05}.png", "a/{}.jpg", "IMG_{}.JPG"])
def test_about_a_tenth_is_for_testing(form):
    names = [form.format(number) for number in range(5000)]
    assert 0.08 < len(rows_of_split(names, "test")) / len(names) < 0.12
    assert len(rows_of_split(names, None)) == 5000


def test_splits_stay_as_they_are():
    """Or pictures that one version learned from would be held out by another."""
    names = [f"{number}.png" for number in range(60)]
    np.testing.assert_array_equal(rows_of_split(names, "test"), [1, 20, 21])


def test_accents_are_the_same_in_both_forms():
    for number in range(50):
        assert (
            split_of([f"\u00e9{number}"])[f"\u00e9{number}"]
            == (split_of([f"e\u0301{number}"])[f"e\u0301{number}"])
        )
