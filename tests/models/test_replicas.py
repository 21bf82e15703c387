"""Several replicas: the same training as one, or a clear error."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

pytestmark = pytest.mark.stage2

PROCESSES = Path(__file__).parents[1] / "processes"


@pytest.fixture(scope="module")
def mirrored():
    """What two replicas on two logical CPUs did, next to one on the joint batch."""
    run = subprocess.run(
        [sys.executable, str(PROCESSES / "replicas.py")],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_two_replicas_update_as_one_does_on_the_joint_batch(mirrored):
    assert mirrored["difference"] < 1e-5  # weights, averaged weights and counters
    assert mirrored["logs"] < 1e-5
    assert mirrored["images_seen"] == 24
    assert mirrored["equal_replicas"]


def test_an_adaptive_augmentation_follows_all_replicas(mirrored):
    one, two = mirrored["strength"]
    assert one == pytest.approx(two)
    assert one == pytest.approx(0.24)  # 24 images, of a ramp of 100


def test_moving_statistics_alone_are_each_replicas_own(mirrored):
    assert mirrored["not_synchronized"] == ["moving_mean", "moving_variance"]


def test_averages_are_those_of_the_first_replica(mirrored):
    assert mirrored["averages"]


def test_settings_that_no_strategy_can_train_with_are_errors(mirrored):
    several, accumulated = mirrored["settings"]
    assert "`steps_per_execution` must be 1 in a model under a MirroredStrategy" in several
    assert "Received: gradient_accumulation_steps=2" in accumulated


@pytest.mark.parametrize("kind", ["MirroredStrategy", "OneDeviceStrategy"])
def test_critic_steps_under_a_strategy_of_one_device(kind, points_gan, points):
    devices = {"MirroredStrategy": ["CPU:0"], "OneDeviceStrategy": "CPU:0"}[kind]
    with getattr(tf.distribute, kind)(devices).scope():
        gan = points_gan()
        gan.compile(discriminator_steps=4)
    gan.fit(points, batch_size=8, verbose=0)
    assert [
        int(o.iterations.numpy()) for o in (gan.discriminator_optimizer, gan.generator_optimizer)
    ] == [8, 2]


def test_each_replica_draws_latents_of_its_own(mirrored):
    rows, different = mirrored["latents"]
    assert rows == different == 24


def test_a_model_from_outside_the_scope_is_an_error(mirrored):
    assert "with strategy.scope():" in mirrored["outside"]


def test_uneven_batches_are_an_error(mirrored):
    assert "batches of unknown images for 2 replicas" in mirrored["unknown"]
    assert "batches of 3 images for 2 replicas" in mirrored["odd"]
    assert "batches of 1 images for 2 replicas" in mirrored["odd_array"]


def test_metrics_of_samples_see_the_images_of_all_replicas(mirrored):
    one, two = mirrored["measured"]
    assert two[-2:] == [24, 24]
    np.testing.assert_allclose(two, one, rtol=1e-3, atol=1e-5)


def test_evaluate_and_generate_work_under_a_strategy(mirrored):
    assert mirrored["evaluate"] == [
        "discriminator_loss",
        "fake_score",
        "generator_loss",
        "real_score",
    ]
    assert mirrored["generate"] == [5, 8, 8, 1]


# Two workers, as two processes on loopback -----------------------------------------------

EXAMPLE = Path(__file__).parents[2] / "examples" / "multi_worker_strategy.py"


def workers():
    """`TF_CONFIG` for two workers, on ports that were free a moment ago."""
    sockets = [socket.socket() for _ in range(2)]
    for free in sockets:
        free.bind(("127.0.0.1", 0))
    addresses = [f"127.0.0.1:{free.getsockname()[1]}" for free in sockets]
    for free in sockets:
        free.close()
    tasks = ({"type": "worker", "index": index} for index in range(2))
    return [json.dumps({"cluster": {"worker": addresses}, "task": task}) for task in tasks]


def start_workers(folder, epochs):
    """Both processes of the example."""
    processes = []
    for index, configuration in enumerate(workers()):
        environment = {
            **os.environ,
            "TF_CONFIG": configuration,
            "FOLDER": str(folder),
            "EPOCHS": str(epochs),
            "KERAS_MAX_STEPS_PER_EPOCH": "4",
            "PYTHONUNBUFFERED": "1",
        }
        with (folder / f"worker_{index}.txt").open("w") as output:
            processes.append(
                subprocess.Popen(
                    [sys.executable, str(EXAMPLE)],
                    env=environment,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
            )
    return processes


def text_of(folder, index):
    return (folder / f"worker_{index}.txt").read_text()


def wait_for(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "took too long"
        time.sleep(0.1)


def test_a_killed_worker_ends_the_other_and_both_resume(tmp_path):
    first, second = start_workers(tmp_path, 500)
    wait_for((tmp_path / "checkpoints" / "training_before.npz").exists, 120)
    second.kill()
    second.wait()
    wait_for(lambda: first.poll() is not None, 180)
    assert first.returncode != 0
    with np.load(tmp_path / "checkpoints" / "training.npz") as arrays:
        epoch = json.loads(arrays["meta"].tobytes())["epoch"]

    last = epoch + 2
    for process in start_workers(tmp_path, last):
        assert process.wait(timeout=120) == 0, text_of(tmp_path, 0)
    assert f"Epoch {epoch + 1}/{last}" in text_of(tmp_path, 0)
    assert f"Epoch {epoch}/{last}" not in text_of(tmp_path, 0)
    ends = [text_of(tmp_path, index).splitlines()[-1] for index in range(2)]
    assert ends[0].removeprefix("worker 0:") == ends[1].removeprefix("worker 1:")
    assert f"{last * 4 * 64:,} images seen" in ends[0]
    assert "Epoch" not in text_of(tmp_path, 1)  # one of them writes
    pictures = sorted(path.name for path in tmp_path.glob("image_at_epoch_*.png"))
    assert len(pictures) == last + 1


def alternation(kind, script="alternation", **environment):
    return subprocess.Popen(
        [sys.executable, str(PROCESSES / f"{script}.py"), kind],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def result_of(process):
    output, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return json.loads(output.splitlines()[-1])


@pytest.fixture(scope="module")
def one_replica():
    return result_of(alternation("one"))


def check_equal(result, expected):
    np.testing.assert_allclose(result["weights"], expected["weights"], atol=1e-5)
    assert result["images"] == expected["images"] > 0
    for name, values in expected["logs"].items():
        assert result["logs"][name] == pytest.approx(values, abs=1e-5), name


def test_critic_steps_on_two_replicas_are_those_of_one_on_the_joint_batch(one_replica):
    check_equal(result_of(alternation("mirrored")), one_replica)


@pytest.mark.parametrize("classes", ["", "-clusters"])
def test_structures_heads_and_auxiliary_losses_on_two_replicas_are_those_of_one(classes):
    kinds = f"one{classes}", f"mirrored{classes}"
    one, two = (result_of(alternation(kind, "open_game")) for kind in kinds)
    check_equal(two, one)


def test_a_loss_with_variables_from_outside_the_scope_is_an_error():
    error = result_of(alternation("outside", "open_game"))["error"]
    assert "'averages'" in error
    assert "Create its object inside `with strategy.scope():`" in error


def test_critic_steps_on_two_machines_are_those_of_one_on_the_joint_batch(one_replica):
    processes = [alternation("worker", TF_CONFIG=task) for task in workers()]
    for process in processes:
        check_equal(result_of(process), one_replica)


def check_joint_update(kind):
    result = result_of(alternation(kind, "joint_update"))
    assert result["left_out"] == []
    assert max(result["differences"].values()) < 1e-5, result["differences"]


def test_each_loss_and_augmentation_on_two_replicas_is_that_of_the_joint_batch():
    check_joint_update("parts")


@pytest.mark.slow
def test_all_terms_layers_and_clipping_on_two_replicas_are_those_of_the_joint_batch():
    check_joint_update("models")
