import shutil

import numpy as np
import pytest
from PIL import Image

from keras_gans.datasets import image_folder
from keras_gans.datasets.label_table import Table, check_labels, labels_of

NAMES = ["a/1.png", "a/2.png", "b.png"]


def read(tmp_path, text, names=NAMES):
    path = tmp_path / "labels.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return labels_of(names, check_labels(path))


@pytest.mark.parametrize("head", ["", "file,kind\n", "\ufefffile,kind\r\n"])
def test_classes_by_name(head, tmp_path):
    labels, names = read(tmp_path, head + 'b.png,"cat, big"\na/1.png,dog\n\na/2.png, dog\n')
    assert names == ["cat, big", "dog"]
    assert labels.dtype == "int32"
    assert list(labels) == [1, 1, 0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\ufeffa/1.png,dog\na/2.png,cat\nb.png,cow", ["dog", "cat", "cow"]),  # no header
        ("A.PNG,dog\na/2.png,cat\nb.png,cow", ["dog", "cat", "cow"]),
        (' a/1.png , "dog"\na/2.png, "cat"\nb.png,"cow"', ["dog", "cat", "cow"]),
        ("a/1.png,3_5\na/2.png,1_0\nb.png,3_5", ["3_5", "1_0", "3_5"]),  # Python's 35 and 10
        ("a/1.png,\u0663\na/2.png,\u0664\nb.png,\u0665", ["\u0663", "\u0664", "\u0665"]),
        ("a/1.png,\u00e9\na/2.png,e\u0301\nb.png,e", ["\u00e9", "\u00e9", "e"]),
        ("a/1.png,dog\r\n  \r\na/2.png,cat\r\nb.png,cow\r\n\r\n", ["dog", "cat", "cow"]),
    ],
)
def test_what_a_line_says(text, expected, tmp_path):
    names = ["A.PNG", *NAMES[1:]] if text.startswith("A") else NAMES
    labels, classes = read(tmp_path, text, names)
    assert [classes[label] for label in labels] == expected


def test_names_are_the_same_with_accents_in_both_forms(tmp_path):
    forms = ["\u00e9.png", "e\u0301.png"]
    for name in forms:
        labels, _ = read(tmp_path, f"{name},1\nb.png,0", [forms[0], "b.png"])
        np.testing.assert_array_equal(labels, [1, 0])
        np.testing.assert_array_equal(labels_of([name], Table({forms[1]: 5.0}))[0], [[5]])
    for names, table in ((forms, forms[:1]), (forms[:1], forms)):  # no label is lost
        with pytest.raises(ValueError, match=r"accented letters. Received: .*u0301.* Rename"):
            labels_of(names, Table(dict.fromkeys(table, 1)))


def test_whole_numbers_are_classes_in_the_order_of_numbers(tmp_path):
    labels, names = read(tmp_path, "a/1.png,10\na/2.png,9\nb.png,10\n")
    assert (names, list(labels)) == (["9", "10"], [1, 0, 1])


def test_columns_of_floats(tmp_path):
    labels, names = read(tmp_path, "name,x,y\na/1.png,1,2.5\nb.png,-3,1e2\na/2.png,0,0\n")
    assert names is None
    assert labels.dtype == "float32"
    np.testing.assert_array_equal(labels, [[1, 2.5], [0, 0], [-3, 100]])
    labels, names = read(tmp_path, "a/1.png,1\nb.png,0.5\na/2.png,0\n")
    np.testing.assert_array_equal(labels, [[1], [0], [0.5]])


@pytest.mark.parametrize(
    ("labels", "expected", "names"),
    [
        (["dog", "cat", "dog"], [1, 0, 1], ["cat", "dog"]),
        ([3, np.int64(1), 3], [1, 0, 1], ["1", "3"]),
        ([3, "cat", 3], [0, 1, 0], ["3", "cat"]),
        ([0.5, 2, np.float32(1)], [[0.5], [2], [1]], None),
        ([[0.5, 1], (2, 3), np.array([4, 5])], [[0.5, 1], [2, 3], [4, 5]], None),
    ],
)
def test_dicts(labels, expected, names):
    received = labels_of(NAMES, check_labels(dict(zip(NAMES, labels, strict=True))))
    np.testing.assert_array_equal(received[0], expected)
    assert received[1] == names


def test_missing_and_surplus_names_are_an_error(tmp_path):
    said = (
        r"1 of 3 pictures have no label \('b\.png'\), and 4 of 6 labels have .* \('c', .*, \.\.\.\)"
    )
    with pytest.raises(ValueError, match=said):
        labels_of(NAMES, Table(dict.fromkeys([*NAMES[:2], "c", "d", "e", "f"], 1)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a/1.png,dog\na/2.png\nb.png,cat", "line 2 .*'a/2.png'"),
        ("a/1.png,1,2\na/2.png,1\nb.png,1,2", "line 2 .*'a/2.png,1'"),
        ("a/1.png,dog\na/1.png,cat\na/2.png,cat\nb.png,cat", "line 2 .*another picture|line 2"),
        ("a/1.png,dog\na/2.png, \nb.png,cat", "line 2"),
        ("a/1.png;dog\na/2.png;cat", "separated by commas"),
        ("a/1.png,1,dog\na/2.png,2,cat\nb.png,1,cat", "line 1 .*Keep one column"),
        ("a/1.png,0.5\na/2.png,n/a\nb.png,0.1", r"of one kind.*'a/2.png': 'n/a'.*'a/1.png': 0.5"),
        ("a/1.png,nan\na/2.png,1\nb.png,0.1", "finite floats.*nan"),
        ("a/1.png,1e300\na/2.png,1\nb.png,0.1", "finite floats.*1e.300"),
        ("a/1.png,1" + 30 * "0" + "\na/2.png,1\nb.png,2", "integers.*10000"),
        ("a/1.png,dog\na/2.png,cat\nb.png,cow\nc.png,cow", "1 of 4 labels .*'c.png'"),
        ("a/1.png,1\na/1.png ,2\na/2.png,3\nb.png,3", "line 2 .*another picture|line 2"),
        ('a/1.png,dog\na/2.png,cat\nb.png,"cow', "unexpected end of data"),
        ('a/1.png,"dog"s\na/2.png,cat\nb.png,cow', "',' expected after"),
        ("a/1.png,dog\na/2.png,cat\nb.png,c\0\0", "zero bytes"),
        ('a/1.png,"do\ng"\na/2.png\nb.png,cow', "line 3 "),
        ("", "3 of 3 pictures have no label"),
        (b"a/1.png,\xff", "UnicodeDecodeError"),
        ('a/1.png,"' + "x" * 200_000, "field larger"),
    ],
)
def test_bad_tables(text, said, tmp_path):
    with pytest.raises(ValueError, match=said) as raised:
        read(tmp_path, text)
    message = str(raised.value)
    assert str(tmp_path / "labels.csv") in message.split("Received: ")[1]


@pytest.mark.parametrize(
    ("labels", "value"),
    [
        *(([1, True, 1], "True"), ([1, None, 1], "None"), (["", "a", "b"], "''")),
        *(([[1], [1, 2], [1]], r"\(1.0, 2.0\)"), ([[[1]], [1], [1]], r"\[\[1\]\]")),
        *(([[], [], []], r"\[\]"), ([1.0, np.inf, 1], "inf"), (["a", 1.5, "b"], "1.5")),
        *(([["a"], [1], [1]], r"\['a'\]"), ([1j, 1, 1], "1j")),
    ],
)
def test_bad_labels(labels, value):
    with pytest.raises(ValueError, match=f"`labels` must be .*Received: labels={{.*: {value}}}"):
        labels_of(NAMES, check_labels(dict(zip(NAMES, labels, strict=True))))


@pytest.mark.parametrize("labels", [None, 1, {}, {1: "a"}, "", "missing.csv", ["a"], 0.5])
def test_bad_arguments(labels):
    with pytest.raises(ValueError, match=r"`labels` must be .*Received: labels="):
        check_labels(labels)


@pytest.mark.parametrize("split", [None, "train", "test"])
def test_labels_stay_with_their_pictures(split, tmp_path):
    """Shade and label of each picture are the same number."""
    table = {}
    (tmp_path / "a").mkdir()
    for shade in range(0, 250, 10):
        name = f"{'a/' * (shade % 20 == 0)}{shade}.png"
        Image.new("L", (8, 8), shade).save(tmp_path / name)
        table[name] = shade + 0.5
    dataset = image_folder(tmp_path, 1, (8, 8, 1), table, (0, 255), seed=0, split=split)
    pairs = list(dataset)
    assert all(np.asarray(label).shape == (1, 1) for _, label in pairs)
    shades = [float(image[0, 0, 0, 0]) for image, _ in pairs]
    np.testing.assert_allclose(shades, [float(label[0, 0]) - 0.5 for _, label in pairs], atol=1e-3)
    assert dataset.class_names is None


def test_names_in_an_archive_begin_inside_the_folder_of_all_pictures(tmp_path):
    for name in ("a", "b"):
        (tmp_path / "all" / name).mkdir(parents=True)
        Image.new("L", (8, 8), 255 * (name == "a")).save(tmp_path / "all" / name / "1.png")
    archive = shutil.make_archive(tmp_path / "all", "zip", tmp_path, "all")
    for folder in (tmp_path / "all", archive):
        images, labels = next(
            iter(image_folder(folder, 2, (8, 8, 1), {"a/1.png": 1, "b/1.png": 0}))
        )
        np.testing.assert_array_equal(np.asarray(images).mean((1, 2, 3)), 2 * labels - 1)


def test_classes_of_a_file(tmp_path):
    for name in ("white", "black"):
        Image.new("L", (8, 8), 255 if name == "white" else 0).save(tmp_path / f"{name}.png")
    (tmp_path / "labels.csv").write_text("file,kind\nwhite.png,light\nblack.png,dark\n")
    dataset = image_folder(tmp_path, 2, (8, 8, 1), tmp_path / "labels.csv")
    images, labels = next(iter(dataset))
    assert dataset.class_names == ["dark", "light"]
    np.testing.assert_array_equal(np.asarray(images).mean((1, 2, 3)), 2 * np.asarray(labels) - 1)
