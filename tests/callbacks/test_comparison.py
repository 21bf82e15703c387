"""`python -m keras_gans compare`."""

import json
import re
import shutil
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from pages import HOSTILE, Elements, Says, make_gan, opened, wait_until

import keras_gans as kg
from keras_gans import __main__ as program
from keras_gans.callbacks import HealthMonitor, TrainingReport
from keras_gans.report import comparison, saved_page
from keras_gans.report.differences import differences

pytest.importorskip("plotly", reason="the report's curves need the extra `report`")

pytestmark = pytest.mark.usefixtures("eagerly")


def compare(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["keras_gans", "compare", *map(str, arguments)])
    program.main()


def facts_of(page):
    found = re.search(r'id="comparison">(.*?)</script>', page.read_text(), re.DOTALL)
    return json.loads(found.group(1))


def run(file, images, epochs=1, callbacks=(), metrics=(), labels=None, gan=None, **report):
    gan = gan or make_gan(images.shape[1:])
    gan.compile(metrics=list(metrics), penalties=[kg.losses.R1(float(epochs))], run_eagerly=True)
    if metrics:
        callbacks = [*callbacks, kg.callbacks.SampleEvaluator(images, labels)]
    callbacks = [*callbacks, TrainingReport(file, **report)]
    gan.fit(images, labels, epochs=epochs, verbose=0, callbacks=callbacks)
    return file


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Two runs: gray and short; and wide, in color, with classes, a metric and a message."""
    folder = tmp_path_factory.mktemp("trained")
    images = np.random.default_rng(0).integers(0, 256, (16, 8, 12, 3), "uint8")
    run(folder / "a" / "report.html", images[..., :8, :1], epochs=2, title="gray")
    classes = make_gan((8, 12, 3), num_classes=2)
    classes.class_names = ["cat", "dog"]
    health = HealthMonitor()
    run(
        folder / "b" / "report.html",
        images,
        epochs=3,
        callbacks=[health, Says(health, "epoch {}: <b>not bold</b>")],
        metrics=[kg.metrics.PrecisionRecall(kg.metrics.RawPixels())],
        labels=np.arange(16) % 2,
        gan=classes,
        title="color",
        health=health,
    )
    return folder


@pytest.fixture
def two(trained, tmp_path):
    """The folders of both runs."""
    return [shutil.copytree(trained / name, tmp_path / name) for name in "ab"]


def test_runs_of_different_lengths_sizes_and_metrics(two, tmp_path, monkeypatch, capsys):
    output = tmp_path / "new" / "page.html"
    compare(monkeypatch, *two, "--output", output)
    assert capsys.readouterr().out == f"Open {output} in a browser.\n"
    facts = facts_of(output)
    gray, color = facts["runs"]
    assert [run["name"] for run in facts["runs"]] == ["gray", "color"]
    assert [run["progress"] for run in facts["runs"]] == ["2 of 2", "3 of 3"]
    assert [len(run["frames"]) for run in facts["runs"]] == [3, 4]
    assert (gray["rows"], color["rows"]) == (None, ["cat", "dog"])
    assert facts["metrics"] == [
        {"name": "precision", "lower": False},
        {"name": "recall", "lower": False},
    ]
    assert facts["logs"][:4] == ["precision", "recall", "discriminator_loss", "generator_loss"]
    assert set(facts["logs"]) == set(gray["history"]) | set(color["history"])
    assert [message["epoch"] for message in color["messages"]] == [1, 2, 3]
    penalty = {"name": "penalties R1 gamma", "values": ["2", "3"]}
    assert penalty in facts["settings"]
    assert {"name": "num_classes", "values": [None, "2"]} in facts["settings"]


def test_a_folder_is_all_its_reports_and_its_comparison_is_none(two, tmp_path, monkeypatch, digits):
    folder = tmp_path / "a"
    shutil.copy(tmp_path / "b" / "report.html", folder / "other.html")
    (folder / "notes.html").write_text("no report")
    for _ in range(2):  # the second one finds the first comparison
        compare(monkeypatch, folder, folder / "other.html", "--output", folder / "compare.html")
        assert len(facts_of(folder / "compare.html")["runs"]) == 2


def test_equal_titles_are_told_apart_by_their_paths():
    page = {"title": "GAN"}
    for pages, files, names in (
        ([page, page], ["/a/x/report.html", "/b/x/report.html"], ["GAN (a)", "GAN (b)"]),
        ([page, page], ["/a/x.html", "/a/y.html"], ["GAN (x)", "GAN (y)"]),
        ([page, page], ["/lr_0.1/r.html", "/lr_0.2/r.html"], ["GAN (lr_0.1)", "GAN (lr_0.2)"]),
        ([page] * 3, ["/a/x", "/b/x", "/b/y"], ["GAN (a/x)", "GAN (b/x)", "GAN (b/y)"]),
        (
            [page, page, {"title": "own"}],
            ["/a/x", "/a/y", "/b/y"],
            ["GAN (a/x)", "GAN (a/y)", "own"],
        ),
    ):
        assert comparison.run_names(pages, [Path(file) for file in files]) == names


def test_what_is_no_report_is_an_error(two, tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.html").write_text("no report")
    damaged = tmp_path / "damaged.html"
    page = (two[0] / "report.html").read_text()
    damaged.write_text(page.replace('"pixels": true', '"pixels": "yes"'))
    for wrong, message in (
        (tmp_path / "empty", r"Received: .*empty', a folder without such a page\. Check the path"),
        (tmp_path / "text.html", "text.html', another file"),
        (tmp_path / "missing", "missing', which does not exist"),
        (damaged, r"Received: .*damaged\.html' \(TypeError: pixels\)\. Leave it out"),
    ):
        with pytest.raises(ValueError, match=message):
            compare(monkeypatch, two[0], wrong, "--output", tmp_path / "page.html")
    with pytest.raises(
        ValueError, match=r"at least two runs\. Received: .*a, .*report\.html, with"
    ):
        compare(monkeypatch, two[0], two[0] / "report.html", "--output", tmp_path / "page.html")
    assert not (tmp_path / "page.html").exists()


def test_a_comparison_replaces_no_report(two, monkeypatch):
    before = (two[0] / "report.html").read_bytes()
    with pytest.raises(ValueError, match="does not replace the report of a run"):
        compare(monkeypatch, *two, "--output", two[0] / "report.html")
    with pytest.raises(ValueError, match=r'Pass output="page\.html"'):
        compare(monkeypatch, *two, "--output", two[0] / "page.txt")
    assert (two[0] / "report.html").read_bytes() == before


PICTURE = "data:image/png;base64,"
RIGHT = {
    "title": "a",
    "state": "running",
    "epoch": 1,
    "epochs": 2,
    "seconds": 2.0,
    "interval": 1.0,
    "started": "then",
    "frames": [{"epoch": 0, "image": PICTURE}],
    "pixels": True,
    "real": PICTURE,
    "rows": ["1"],
    "history": {"loss": [0.5]},
    "metrics": [{"name": "loss", "lower": None, "protocol": "16 generated images"}],
    "messages": [],
}


def read_facts(folder, facts, settings):
    parts = {"facts": facts, "configuration": settings}
    form = '<script type="application/json" id="{}">{}</script>'
    texts = [form.format(name, json.dumps(part)) for name, part in parts.items()]
    (folder / "page.html").write_text("".join(texts))
    return saved_page.read_all(folder / "page.html")


def test_facts_that_are_right_are_read(tmp_path):
    found = read_facts(tmp_path, RIGHT, {"seed": 0})
    assert found == {**RIGHT, "configuration": {"seed": 0}}


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("title", 3),
        ("state", None),
        ("epoch", 2.5),
        ("rows", [3]),
        ("real", "https://example.org/a.png"),
        ("metrics", [{"name": "a"}]),
        ("metrics", [{"name": "a", "lower": "no"}]),
        ("metrics", [{"name": "a", "lower": True, "protocol": 3}]),
        ("frames", [{"epoch": 0, "image": "https://example.org/a.png"}]),
        ("history", {"loss": ["0.5"]}),
    ],
)
def test_facts_of_a_wrong_type_are_an_error(part, wrong, tmp_path):
    with pytest.raises(ValueError, match="written by this version"):
        read_facts(tmp_path, {**RIGHT, part: wrong}, {})
    with pytest.raises(ValueError, match="written by this version"):
        read_facts(tmp_path, RIGHT, 3)


def test_real_samples_are_shown_if_they_are_those_of_all_runs():
    files = [Path(f"/{name}.html") for name in "abc"]
    for reals, shown in (("aa", "a"), ("ab", None), ("aab", None), ((None, "a"), "a")):
        pages = [{**RIGHT, "configuration": {}, "real": real} for real in reals]
        assert comparison.facts_of(pages, files[: len(pages)])["real"] == shown


def test_the_protocol_of_each_run_is_kept():
    files = [Path(f"/{name}.html") for name in "ab"]
    pages = [{**RIGHT, "configuration": {}} for _ in files]
    pages[1]["metrics"] = [{"name": "loss", "lower": None}]  # of an earlier version
    facts = comparison.facts_of(pages, files)
    assert facts["metrics"] == [{"name": "loss", "lower": None}]
    protocols = [run["protocols"]["loss"] for run in facts["runs"]]
    assert protocols == ["16 generated images", None]


def settings_of(**arguments):
    gan = make_gan()
    gan.compile(**arguments)
    return gan.settings


def test_settings_that_differ():
    first, same = (
        settings_of(penalties=[kg.losses.R1(0.2)], generator_optimizer=keras.optimizers.Adam())
        for _ in range(2)
    )
    assert first != same  # Keras numbers layers and optimizers
    assert differences([first, same]) == []
    other = settings_of(
        loss=kg.losses.Hinge(), penalties=[], generator_optimizer=keras.optimizers.Adam(2e-4)
    )
    assert differences([first, other]) == [
        {"name": "generator_optimizer learning_rate", "values": ["0.001", "0.0002"]},
        {"name": "loss", "values": ["NonSaturating(label_smoothing=0)", "Hinge()"]},
        {"name": "penalties", "values": ["R1(gamma=0.2)", "none"]},
    ]


def network(*units):
    layers = keras.Sequential([keras.Input((2,)), *map(keras.layers.Dense, units)])
    return {"generator": json.loads(json.dumps(keras.saving.serialize_keras_object(layers)))}


def test_networks_that_differ():
    assert differences([network(3, 4), network(3, 4)]) == []
    assert differences([network(3, 4), network(3, 5)]) == [
        {"name": "generator layers 3 Dense units", "values": ["4", "5"]}
    ]
    assert differences([network(*[3] * 4), network(*[3] * 5)]) == [
        {"name": "generator layers", "values": ["5", "6"]}  # with the input
    ]


def test_a_setting_that_a_run_does_not_have():
    rows = differences([{"precision": "float32"}, {"precision": "float32", "seed": None}])
    assert rows == [{"name": "seed", "values": [None, "none"]}]


def test_a_browser_may_load_nothing_and_names_stay_texts(two, tmp_path, monkeypatch, digits):
    gan = make_gan()
    gan.compile(metrics=[kg.metrics.FrechetDistance(kg.metrics.RawPixels(), name=HOSTILE)])
    logs = keras.callbacks.LambdaCallback(on_epoch_end=lambda _, logs: logs.update({HOSTILE: 1.0}))
    report = TrainingReport(tmp_path / "c" / "report.html", title=HOSTILE)
    gan.fit(digits, verbose=0, callbacks=[logs, report])
    for files, name in ((two, "good.html"), ((*two, tmp_path / "c"), "bad.html")):
        compare(monkeypatch, *files, "--output", tmp_path / name)
    good, bad = (
        Elements((tmp_path / name).read_text()).found for name in ("good.html", "bad.html")
    )
    assert [tag for tag, _ in good] == [tag for tag, _ in bad]
    rules = [found for found in good if "http-equiv" in found[1]]
    assert rules == [
        found
        for found in Elements((two[0] / "report.html").read_text()).found
        if "http-equiv" in found[1]
    ]
    assert facts_of(tmp_path / "bad.html")["runs"][2]["name"] == HOSTILE


@pytest.fixture
def page_file(two, tmp_path, monkeypatch):
    compare(monkeypatch, *two, "--output", tmp_path / "page.html")
    return tmp_path / "page.html"


@pytest.mark.slow
def test_one_slider_moves_all_pictures(browser, page_file):
    page, complaints = opened(browser, page_file)
    gray, color = (run["frames"] for run in facts_of(page_file)["runs"])
    pictures = page.locator("#pictures img")
    sources = lambda: [pictures.nth(index).get_attribute("src") for index in (0, 1)]  # noqa: E731
    assert page.inner_text("#number") == "3"
    assert sources() == [gray[2]["image"], color[3]["image"]]  # the shorter run's last
    page.focus("#epoch")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert sources() == [gray[1]["image"], color[1]["image"]]
    assert page.locator("#pictures .rows").nth(1).inner_text().split() == ["cat", "dog"]
    page.click("#results button")  # of the best epoch
    assert page.inner_text("#number") == page.inner_text("#results button").split()[1]
    page.click("#play")
    wait_until(page, "number.textContent === '3' && play.textContent === 'Play'")
    assert complaints == []


@pytest.mark.slow
def test_a_run_can_be_hidden_everywhere(browser, page_file):
    page, complaints = opened(browser, page_file)
    lines = "#curves .panel:has-text('generator loss') .scatterlayer .trace"
    assert page.locator(lines).count() == 2  # one for each run
    for reloaded in (False, True):
        page.reload() if reloaded else page.locator("#runs button", has_text="gray").click()
        page.wait_for_selector("#curves .main-svg")
        assert page.locator("#pictures figure:visible").count() == 1
        assert page.locator("#results tr:visible").count() == 1
        assert page.locator(lines).count() == 1
    page.locator("#runs button", has_text="gray").click()
    assert page.locator(lines).count() == 2
    assert complaints == []


@pytest.mark.slow
def test_the_table_has_the_last_and_the_best_value(browser, page_file):
    page, complaints = opened(browser, page_file)
    values = facts_of(page_file)["runs"][1]["history"]["precision"]
    cells = page.locator("#results tr").nth(1).locator("td").all_inner_texts()
    assert float(cells[0]) == pytest.approx(values[-1], rel=1e-3)
    best, epoch = re.fullmatch(r"([\d.]+) *epoch (\d)", cells[1]).groups()
    assert float(best) == pytest.approx(max(values), rel=1e-3)
    assert int(epoch) == values.index(max(values)) + 1
    assert page.locator("#results tr").nth(0).locator("td").all_inner_texts()[:3] == ["\u2013"] * 3
    assert page.locator("#notices li").first.inner_text().endswith("<b>not bold</b>")
    assert complaints == []


def with_runs(file, runs):
    """Writes a comparison of these runs with one metric."""
    facts = facts_of(file)
    facts = {**facts, "metrics": [{"name": "distance", "lower": True}], "logs": ["distance"]}
    facts["runs"] = [{**facts["runs"][0], "name": f"run {n}", **run} for n, run in enumerate(runs)]
    head, tail = file.read_text().split('id="comparison">')
    rest = tail.split("</script>", 1)[1]
    file.write_text(f'{head}id="comparison">{json.dumps(facts)}</script>{rest}')


@pytest.mark.slow
@pytest.mark.parametrize(
    ("values", "protocols", "bold"),
    [
        ((2.0, 1.0), ("a", "a"), ["1", "1"]),
        ((2.0, 1.0), ("a", "b"), []),
        ((2.0, "nan"), ("a", "a"), ["2"]),
    ],
)
def test_only_finite_values_of_one_protocol_are_ranked(values, protocols, bold, browser, page_file):
    rows = zip(values, protocols, strict=True)
    runs = [{"history": {"distance": [v]}, "protocols": {"distance": p}} for v, p in rows]
    with_runs(page_file, runs)
    page, complaints = opened(browser, page_file)
    found = page.locator("td.first").all_inner_texts()
    assert [text.split("epoch")[0].strip() for text in found] == bold
    lines = ["distance: a"] if protocols[0] == protocols[1] else ["distance (run 0): a"]
    assert page.locator("#protocols li").all_inner_texts()[:1] == lines
    assert complaints == []


@pytest.mark.slow
def test_more_runs_than_colors_differ_in_their_lines(browser, page_file):
    run = {"history": {"distance": [2.0, 1.0, 0.5]}, "protocols": {}, "messages": []}
    messages = [{"epoch": 1, "text": "epoch 1: late"}]
    with_runs(page_file, [{**run, "messages": messages}] + [run] * 24)
    page, complaints = opened(browser, page_file)
    strokes = "getComputedStyle(line).strokeDasharray + getComputedStyle(line).stroke"
    lines = f"[...document.querySelectorAll('#curves .js-line')].map((line) => {strokes})"
    assert len(set(page.evaluate(lines))) == 25
    assert page.locator("#runs .dashed").count() == 15
    assert page.locator("#notices li").all_inner_texts() == ["run 0, epoch 1: late"]
    assert complaints == []


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_telephone_by_day_and_by_night(browser, page_file, scheme):
    size = {"width": 360, "height": 740}
    page, complaints = opened(browser, page_file, viewport=size, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    first, second = (page.locator("#pictures img").nth(n).bounding_box() for n in (0, 1))
    assert first["x"] + first["width"] < second["x"]  # next to each other
    color = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", color))) > 700) == (scheme == "light")
    assert complaints == []
