"""A fair sample of a stream of batches."""

import itertools

import numpy as np

from keras_gans.pipelines.random_sample import random_sample


def batches(count, size):
    return (np.arange(n * size, (n + 1) * size)[:, None] for n in range(count))


def test_all_rows_where_there_are_few():
    np.testing.assert_array_equal(random_sample(batches(3, 4), 100, 10**6)[:, 0], np.arange(12))
    assert random_sample([], 100, 100) is None


def test_each_row_is_as_likely_as_any_other():
    counts = np.zeros(300)
    for seed in range(400):
        sample = random_sample(batches(30, 10), 60, 10**6, seed)[:, 0]
        assert len(sample) == len(set(sample)) == 60
        counts[sample] += 1
    assert abs(counts.mean() - 80) < 1e-9
    assert counts.std() < 10  # that of a binomial distribution is 8
    assert abs(counts[:150].mean() - 80) < 3  # neither half is preferred


def test_endless_data_are_read_no_further_than_needed():
    read = []
    endless = (read.append(n) or np.full((10, 2), n) for n in itertools.count())
    assert random_sample(endless, 20, 10**6).shape == (20, 2)
    assert len(read) == 20  # ten times the sample


def test_large_rows_make_a_small_sample():
    assert random_sample((np.zeros((10, 50)) for _ in range(9)), 1000, 600).shape == (12, 50)
