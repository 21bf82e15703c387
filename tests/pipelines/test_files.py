"""Files are replaced whole, or not at all."""

import pytest

from keras_gans.pipelines.files import replacing, write_atomically


def fail():
    raise RuntimeError("in the middle")


def test_a_file_stays_as_it_is_until_its_replacement_is_whole(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with replacing(path, before=tmp_path / "before") as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert (tmp_path / "before").read_bytes() == b"old"
    assert {one.name for one in tmp_path.iterdir()} == {"file", "before"}


def test_an_error_in_the_middle_changes_nothing_and_leaves_nothing(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def half():
        with replacing(path, tmp_path / "before") as file:
            file.write(b"new")
            file.flush()
            fail()

    with pytest.raises(RuntimeError, match="middle"):
        half()
    with pytest.raises(RuntimeError, match="middle"):
        write_atomically(path, fail)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    write_atomically(path, lambda: b"newer")
    assert path.read_bytes() == b"newer"
