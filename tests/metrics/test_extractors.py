import json
import pathlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.metrics import (
    DomainClassifier,
    FrechetDistance,
    FrozenInception,
    Inception,
    LayerFeatures,
)


def test_a_classifier_tells_black_from_white(tmp_path):
    images = np.zeros((64, 12, 12, 1), "uint8")
    images[::2] = 255
    labels = np.arange(64) % 2
    classifier = DomainClassifier((12, 12, 1), num_classes=2)
    history = classifier.fit(images, labels, epochs=5, batch_size=8, verbose=0)
    assert len(history.history["loss"]) == 5
    assert classifier.accuracy(images, labels) == 1.0
    assert classifier.features(images).shape == (64, 128)
    np.testing.assert_allclose(classifier.probabilities(images).sum(1), 1, rtol=1e-5)
    same = classifier.probabilities(images / 127.5 - 1)
    np.testing.assert_allclose(classifier.probabilities(images), same, atol=1e-5)

    classifier.save(tmp_path / "judge.keras")
    loaded = keras.saving.load_model(tmp_path / "judge.keras")
    np.testing.assert_array_equal(loaded.features(images), classifier.features(images))
    assert loaded.protocol == classifier.protocol
    assert loaded.protocol.endswith("), 12x12x1, 2 classes")


def test_bytes_are_bytes_wherever_keras_takes_images():
    images = np.random.default_rng(0).integers(0, 256, (64, 12, 12, 1), "uint8")
    labels = (images.mean(axis=(1, 2, 3)) > 127.5).astype(int)
    classifier = DomainClassifier((12, 12, 1), num_classes=2)
    logs = classifier.fit(images, labels, validation_data=(images, labels), verbose=0).history
    accuracy = classifier.accuracy(images, labels[:, None])
    assert logs["val_accuracy"][-1] == pytest.approx(accuracy)
    assert classifier.evaluate(images, labels, verbose=0)[1] == pytest.approx(accuracy)
    expected = classifier.probabilities(images)
    np.testing.assert_allclose(classifier.predict(images, verbose=0), expected, atol=1e-5)
    batches = tf.data.Dataset.from_tensor_slices((images, labels)).batch(16)
    assert classifier.evaluate(batches, verbose=0)[1] == pytest.approx(accuracy)


def test_images_that_a_classifier_does_not_know():
    classifier = DomainClassifier((12, 12, 1), num_classes=2)
    with pytest.raises(ValueError, match=r"Received: shape=\(4, 12, 12\)"):
        classifier.fit(np.zeros((4, 12, 12)), np.zeros(4, int), verbose=0)
    x = np.linspace(0, 255, 288, dtype="float32").reshape(2, 12, 12, 1)
    with pytest.raises(ValueError, match="from 0 to 255"):
        classifier.fit(x, np.zeros(2, int), verbose=0)
    with pytest.warns(UserWarning, match="has not been trained"):
        classifier.features(np.zeros((2, 12, 12, 1)))
    with pytest.raises(ValueError, match="sides of at least 10 pixels"):
        DomainClassifier((8, 8, 1), num_classes=2)


def test_features_are_float32_under_mixed_precision():
    policy = keras.mixed_precision.DTypePolicy("mixed_bfloat16")
    ones = keras.layers.Conv2D(2, 1, kernel_initializer="ones", dtype=policy, name="ones")
    extractor = LayerFeatures(keras.Sequential([keras.Input((32, 32, 1)), ones]))
    images = np.random.default_rng(0).uniform(0, 1, (5, 32, 32, 1)).astype("float32")
    features = extractor.features(images)
    assert features.dtype == np.float32
    np.testing.assert_allclose(features[:, 0], images.mean(axis=(1, 2, 3)), rtol=1e-2)


def test_a_classifier_computes_in_float32_under_any_policy():
    images = np.random.default_rng(0).uniform(-1, 1, (5, 12, 12, 1)).astype("float32")
    classifier = DomainClassifier((12, 12, 1), num_classes=2)
    expected = classifier(images), classifier.network(images)[0]
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        again = DomainClassifier.from_config(classifier.get_config())
    finally:
        keras.config.set_dtype_policy("float32")
    again.set_weights(classifier.get_weights())
    np.testing.assert_array_equal(again(images), expected[0])
    np.testing.assert_array_equal(again.network(images)[0], expected[1])


@pytest.mark.parametrize("labels", [[0.0, 0.5], [0, 2], [[1, 0, 0], [0, 1, 0]], [-1, 0]])
def test_labels_that_a_classifier_does_not_have(labels):
    classifier = DomainClassifier((12, 12, 1), num_classes=2)
    with pytest.raises(ValueError, match=r"in \[0, 2\)"):
        classifier.fit(np.zeros((2, 12, 12, 1)), np.array(labels), verbose=0)


def test_a_layer_is_averaged_over_the_pixels():
    images = keras.Input((6, 4, 1))
    maps = keras.layers.Rescaling(2.0, name="doubled")(images)
    model = keras.Model(images, keras.layers.Flatten()(maps), name="tiny")
    x = np.random.default_rng(0).uniform(-1, 1, (300, 6, 4, 1)).astype("float32")
    layer = LayerFeatures(model, "doubled")
    np.testing.assert_allclose(layer.features(x), 2 * x.mean(axis=(1, 2)), rtol=1e-4, atol=1e-6)
    assert layer.protocol == "layer doubled of tiny"
    assert LayerFeatures(model).features(x).shape == (300, 24)
    with pytest.raises(ValueError, match=r"'doubled', .*Received: layer_name='missing'"):
        LayerFeatures(model, "missing")
    with pytest.raises(ValueError, match=r"keras\.Input"):
        LayerFeatures(keras.Sequential([keras.layers.Dense(1)]))


def write_graph(path, pool="pool_3"):
    """A frozen graph with the nodes of the one of 2015: the mean color of resized images."""
    graph = tf.Graph()
    with graph.as_default():
        images = tf.compat.v1.placeholder(tf.float32, (1, None, None, 3), name="ExpandDims")
        resized = tf.compat.v1.image.resize_bilinear(images, (4, 4), name="ResizeBilinear")
        tf.reduce_mean(resized, (1, 2), keepdims=True, name=pool)
    path.write_bytes(graph.as_graph_def().SerializeToString())


def test_a_frozen_graph_sees_pixels_from_0_to_255(tmp_path):
    write_graph(tmp_path / "graph.pb")
    extractor = FrozenInception(tmp_path / "graph.pb")
    gray = extractor.features(np.full((70, 8, 8, 1), 1.0))
    np.testing.assert_allclose(gray, np.full((70, 3), 255.0))
    color = extractor.features(np.full((1, 8, 6, 3), [-1.0, 0.0, 1.0]))
    np.testing.assert_allclose(color, [[0.0, 128.0, 255.0]])
    same = FrozenInception.from_config(extractor.get_config())
    np.testing.assert_array_equal(same.features(np.zeros((1, 8, 8, 1))), [[128.0] * 3])


def test_files_that_are_no_frozen_inception(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"inception-2015-12-05\.tgz"):
        FrozenInception(tmp_path / "none.pb")
    write_graph(tmp_path / "other.pb", pool="another")
    with pytest.raises(ValueError, match="nodes ExpandDims and pool_3"):
        FrozenInception(tmp_path / "other.pb")
    (tmp_path / "text.pb").write_text("no graph")
    with pytest.raises(ValueError, match="nodes ExpandDims and pool_3"):
        FrozenInception(tmp_path / "text.pb")
    write_graph(tmp_path / "graph.pb")
    with pytest.raises(ValueError, match="gray or color"):
        FrozenInception(tmp_path / "graph.pb").features(np.zeros((1, 8, 8, 2)))


def test_a_loaded_metric_reads_the_file_that_it_names_at_its_first_use_only(tmp_path, monkeypatch):
    """Keras' safe mode promises that to open a file runs no code and reads no other file."""
    write_graph(tmp_path / "graph.pb")
    network = keras.Sequential([keras.Input((None, None, 3)), keras.layers.GlobalMaxPooling2D()])
    opened = []

    def network_of(**settings):
        opened.append(settings["weights"])
        return network

    monkeypatch.setattr(keras.applications, "InceptionV3", network_of)
    (tmp_path / "weights.h5").write_bytes(b"")
    read_bytes = pathlib.Path.read_bytes
    monkeypatch.setattr(
        pathlib.Path, "read_bytes", lambda path: opened.append(path) or read_bytes(path)
    )
    for extractor in (FrozenInception(tmp_path / "graph.pb"), Inception(tmp_path / "weights.h5")):
        config = keras.saving.serialize_keras_object(FrechetDistance(extractor))
        (file,) = extractor.get_config().values()
        config = json.loads(json.dumps(config).replace(file, f"{file}.other"))
        opened.clear()
        loaded = keras.saving.deserialize_keras_object(config, safe_mode=True)
        assert opened == []
        with pytest.raises(FileNotFoundError, match=r"\.other"):
            loaded.extractor.features(np.zeros((1, 8, 8, 1)))
        pathlib.Path(file).rename(f"{file}.other")
        assert loaded.extractor.features(np.zeros((1, 8, 8, 1))).shape == (1, 3)
        assert len(opened) == 1


@pytest.mark.parametrize("act", [tf.io.read_file, lambda name: tf.io.matching_files(name)[0]])
@pytest.mark.parametrize("inside", [True, False])
def test_a_graph_that_reads_other_files_is_refused(act, inside, tmp_path):
    graph = tf.Graph()
    with graph.as_default():
        images = tf.compat.v1.placeholder(tf.float32, (1, None, None, 3), name="ExpandDims")
        content = act(str(tmp_path / "secret.txt"))
        seen = tf.cast(tf.strings.length(content), tf.float32) if inside else 0.0
        tf.reduce_mean(images + seen, (1, 2), keepdims=True, name="pool_3")
    (tmp_path / "graph.pb").write_bytes(graph.as_graph_def().SerializeToString())
    with pytest.raises(ValueError, match=r"more than compute: \['\w+File"):
        FrozenInception(tmp_path / "graph.pb")


def test_a_graph_with_a_state_or_with_functions_is_refused(tmp_path):
    graph = tf.Graph()
    with graph.as_default():
        images = tf.compat.v1.placeholder(tf.float32, (1, None, None, 3), name="ExpandDims")
        noise = tf.random.normal((), seed=0)
        tf.reduce_mean(images + noise, (1, 2), keepdims=True, name="pool_3")
    (tmp_path / "noise.pb").write_bytes(graph.as_graph_def().SerializeToString())
    with pytest.raises(ValueError, match=r"\['RandomStandardNormal'\]"):
        FrozenInception(tmp_path / "noise.pb")
    with graph.as_default():
        inner = tf.function(lambda images: images + tf.cast(tf.io.read_file("x") == "", "float32"))
        tf.identity(inner(images), name="other")
    (tmp_path / "inner.pb").write_bytes(graph.as_graph_def().SerializeToString())
    with pytest.raises(ValueError, match="more than compute"):
        FrozenInception(tmp_path / "inner.pb")


def test_missing_inception_weights_say_which_file_to_put_where(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"inception_v3_weights_.*_notop\.h5"):
        Inception(weights=tmp_path / "none.h5")


@pytest.mark.slow
def test_inception_from_a_file_of_weights(tmp_path):
    """Random weights: the shape of the features, and that gray is repeated and resized."""
    keras.utils.set_random_seed(0)
    network = keras.applications.InceptionV3(include_top=False, weights=None, pooling="avg")
    network.save_weights(tmp_path / "inception.weights.h5")
    extractor = Inception(weights=tmp_path / "inception.weights.h5")
    gray = np.random.default_rng(0).uniform(-1, 1, (3, 28, 28, 1)).astype("float32")
    features = extractor.features(gray)
    assert features.shape == (3, 2048)
    np.testing.assert_allclose(features, extractor.features(gray.repeat(3, axis=-1)), rtol=1e-5)
    large = keras.ops.image.resize(
        np.round((gray + 1) * 127.5), (299, 299), "bicubic", antialias=True
    )
    large = np.clip(large, 0, 255).repeat(3, axis=-1) / 127.5 - 1
    expected = network.predict_on_batch(large)
    np.testing.assert_allclose(features, expected, rtol=1e-2, atol=1e-4 * np.abs(expected).max())


@pytest.mark.slow
def test_inception_of_keras_is_downloaded_or_asks_for_its_file():
    try:
        assert Inception().features(np.zeros((1, 8, 8, 1))).shape == (1, 2048)
    except FileNotFoundError as error:
        assert "Put inception_v3_weights_" in str(error)  # noqa: PT017 - either may happen
