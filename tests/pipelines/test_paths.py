import os
import pathlib

import pytest

import keras_gans as kg
from keras_gans.pipelines.paths import files_below, is_file, is_folder


@pytest.fixture
def tree(tmp_path):
    for name in ("b/2.txt", "a/1.txt", "a/.hidden/x.txt", "__MACOSX/y.txt", ".z"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    return tmp_path


def names(folder):
    return [path.relative_to(folder).as_posix() for path in files_below(folder)]


def test_files_are_in_order_and_hidden_ones_left_out(tree):
    assert names(tree) == ["a/1.txt", "b/2.txt"]
    assert [path.name for path in files_below(tree / "a" / ".hidden")] == ["x.txt"]  # asked for


def test_links_are_followed_once_in_each_place(tree):
    (tree / "c").symlink_to(tree / "a")
    (tree / "a" / "up").symlink_to(tree)
    (tree / "a" / "self").symlink_to(tree / "a" / "self")
    (tree / "lost").symlink_to(tree / "nowhere")
    assert names(tree) == ["a/1.txt", "a/self", "b/2.txt", "c/1.txt", "c/self", "lost"]


def test_a_folder_that_cannot_be_read_is_left_out_with_a_word(tree, monkeypatch):
    scan = os.scandir

    def refuse(path):
        if pathlib.Path(path).name == "b":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.warns(UserWarning, match=r"skipped: .*b \(Permission denied\)"):
        assert names(tree) == ["a/1.txt"]


def test_folders_of_the_system_are_not_entered(tree):
    if not pathlib.Path("/proc/self/root").exists():
        pytest.skip("not Linux")
    (tree / "b" / "all").symlink_to("/proc")
    assert names(tree) == ["a/1.txt", "b/2.txt"]
    assert files_below(pathlib.Path("/proc")) == []


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "", "nowhere"])
def test_names_that_nothing_can_have(name, tmp_path):
    assert not is_file(tmp_path / name)
    assert not is_folder(tmp_path / name) or name == ""


def test_the_home_folder_in_callbacks(tmp_path, monkeypatch):
    pytest.importorskip("plotly", reason="TrainingReport needs it")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert kg.ImageMonitor("~/a").folder == tmp_path / "a"
    assert kg.callbacks.Resume("~/a").folder == tmp_path / "a"
    assert kg.callbacks.TrainingReport("~/a.html").file == tmp_path / "a.html"
    with pytest.raises(FileNotFoundError, match=f"{tmp_path}/a.pb"):
        kg.metrics.FrozenInception("~/a.pb")
    with pytest.raises(FileNotFoundError, match=f"{tmp_path}/a.h5"):
        kg.metrics.Inception("~/a.h5")
    with pytest.raises(FileNotFoundError, match=f"{tmp_path}/a.h5"):
        kg.metrics.SqueezeNet("~/a.h5")
