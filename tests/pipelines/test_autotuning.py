import tensorflow as tf

from keras_gans.datasets import from_arrays
from keras_gans.pipelines.autotuning import without_autotuning


def test_autotuning_is_off_in_our_datasets(points):
    assert from_arrays(points, 16).options().autotune.enabled is False


def test_a_users_own_choice_is_kept():
    options = tf.data.Options()
    options.autotune.enabled = True
    chosen = tf.data.Dataset.range(3).with_options(options)
    assert without_autotuning(chosen) is chosen


def test_the_data_stay_the_same():
    dataset = tf.data.Dataset.range(10).map(lambda x: 2 * x, tf.data.AUTOTUNE).batch(3)
    plain = [batch.numpy().tolist() for batch in dataset]
    tuned = without_autotuning(dataset)
    assert tuned.options().autotune.enabled is False
    assert [batch.numpy().tolist() for batch in tuned] == plain
    assert len(tuned) == len(dataset)
