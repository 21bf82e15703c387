"""The methods of the public classes: a good call of each, and the kind of each argument."""

import functools

import keras
import numpy as np
import tensorflow as tf
from calls import IMAGES, POINTS, SEED, Entry, Judge, folder_of, mlp
from kinds import Kind, array, flag, instance, number, one_of, whole

import keras_gans as kg

CLASSES = np.arange(16) % 4
SETTINGS = {"run_eagerly": True}
NONE = Kind(lambda value: value is None)


@functools.cache
def points_gan(conditional=False):
    labels = {"num_classes": 4} if conditional else {}
    networks = {"generator": mlp("generator"), "discriminator": mlp("discriminator")}
    gan = kg.GAN(image_shape=(2,), latent_dim=3, **networks, **labels)
    gan.compile(**SETTINGS)
    return gan


@functools.cache
def image_gan(conditional=True):
    networks = {"generator": mlp("generator"), "discriminator": mlp("discriminator")}
    labels = {"num_classes": 4} if conditional else {}
    gan = kg.GAN(image_shape=(8, 8, 1), latent_dim=3, **networks, **labels)
    gan.compile(**SETTINGS)
    return gan


@functools.cache
def cycle_gan():
    gan = kg.CycleGAN((8, 8, 1))
    gan.compile(**SETTINGS)
    return gan


def entry(name, function, arguments, **kinds):
    return Entry(name, function, functools.partial(dict, arguments), kinds)


def near_range(value):
    return np.isfinite(value).all() and abs(value).max() <= 1.001


def is_list_of(accepts):
    return lambda value: isinstance(value, list | tuple) and all(map(accepts, value))


def two_classes(value):
    listed = isinstance(value, list | tuple | np.ndarray) and len(value) > 1
    return listed and all(map(whole(0, 3).accepts, value))


def optimizer(value):
    if value is None or isinstance(value, keras.optimizers.Optimizer):
        return True
    return isinstance(value, str) and value == "adam"


def bad_optimizers():
    return (keras.optimizers.Adam(-1.0), keras.optimizers.Adam(float("nan")), "nothing")


def one_argument(critic):
    return keras.ops.mean(critic)


def penalty_of(result):
    def penalty(critic, real_images, fake_images):
        return result(critic(real_images))

    return penalty


def augmentation_of(result):
    def augmentation(images):
        return result(images)

    return augmentation


GOOD_PENALTIES = [kg.losses.R1(1.0)], [penalty_of(keras.ops.mean)], []
BAD_PENALTIES = (
    *([one_argument], [penalty_of(lambda x: None)], [penalty_of(lambda x: "a")]),
    *([penalty_of(lambda x: x)], [penalty_of(lambda x: 0.5)], [kg.losses.R1]),
    *(
        [penalty_of(lambda x: keras.ops.mean(x) * np.nan)],
        [penalty_of(lambda x: keras.ops.ones(()))],
    ),
)
BAD_AUGMENTATIONS = (
    *(augmentation_of(lambda x: 0.0), augmentation_of(lambda x: None), kg.augmentation.DiffAugment),
    *(augmentation_of(lambda x: x[0]), augmentation_of(lambda x: x * np.nan), penalty_of(None)),
    *(augmentation_of(keras.ops.zeros_like), augmentation_of(lambda x: x[:, :1])),
)


def of_compile(name, make, **more):
    def compile_new(**arguments):
        make().compile(**{**SETTINGS, **arguments})

    bad = bad_optimizers()
    optimizers = Kind(
        lambda value: optimizer(value) and all(value is not one for one in bad),
        ("adam",),
        also=bad,
    )
    losses = instance(kg.losses.AdversarialLoss, (kg.losses.Hinge(),)).or_none()
    losses.also = (keras.losses.CosineSimilarity(), keras.losses.CategoricalCrossentropy(), "hinge")
    half_life = number(0, right=10.0)
    finite, has_default = half_life.accepts, name == "GAN.compile"
    half_life.accepts = lambda v: (
        (v is None and has_default)
        or finite(v)
        or (callable(v) and not isinstance(v, type))
        or (isinstance(v, float) and v == np.inf)
    )
    metric = kg.metrics.FrechetDistance(Judge())
    metrics = Kind(
        lambda v: v is None or is_list_of(lambda m: m is metric)(v), ([metric],), also=(metric,)
    )
    kinds = {
        "discriminator_optimizer": optimizers,
        "generator_optimizer": optimizers,
        "loss": losses,
        "ema_half_life": half_life,
        "metrics": metrics,
        "run_eagerly": flag(),
        "steps_per_execution": whole(1, right=2),
        "jit_compile": Kind(
            lambda v: (
                v is None or isinstance(v, bool) or v == "auto"
                if (isinstance(v, str | bool | None))
                else False
            )
        ),
    }
    kinds["run_eagerly"] = flag().or_none()
    return entry(name, compile_new, {}, **kinds, **more)


def compiling():
    def make():
        return points_gan()

    def fits(good):
        return lambda value: (
            any(value is one for one in good)
            or (isinstance(value, list | tuple) and len(value) == 0)
        )

    penalties = Kind(fits(GOOD_PENALTIES), GOOD_PENALTIES, also=BAD_PENALTIES).or_none()
    terms = ([kg.losses.LabelNoise()],)
    augmented = augmentation_of(lambda x: 0.9 * x)
    augmentation = Kind(lambda v: v is augmented, (augmented,), also=BAD_AUGMENTATIONS).or_none()
    steps = whole(1, 10_000).or_none()
    cycle = cycle_gan()
    return [
        of_compile(
            "GAN.compile",
            make,
            penalties=penalties,
            augmentation=augmentation,
            auxiliary_losses=Kind(fits(terms), terms).or_none(),
            discriminator_steps=steps,
            simultaneous=flag().or_none(),
        ),
        of_compile("CycleGAN.compile", lambda: cycle, cycle_weight=number(0, 1e6, right=1.0)),
    ]


def endless():
    return tf.data.Dataset.from_tensors(POINTS).repeat()


class OneEpoch(keras.callbacks.Callback):
    """Ends a training after an epoch, whatever `epochs` is."""

    def on_epoch_end(self, epoch, logs=None):
        self.model.stop_training = True


def fitting():
    bad = POINTS.copy()
    bad[3] = np.nan
    data = array(
        lambda v: v.shape[1:] == (2,) and near_range(v) and len(v) > 0, (POINTS, POINTS > 0)
    )
    data.accepts = lambda v: (
        (isinstance(v, np.ndarray) and v is POINTS)
        or (isinstance(v, np.ndarray) and v.dtype == bool)
    )
    data.of_keras = True
    data.also = (bad, endless(), [], {"x": []}, (i for i in ()), POINTS * 9)
    callbacks = Kind(
        lambda v: (
            v is None
            or isinstance(v, keras.callbacks.Callback)
            or is_list_of(lambda c: isinstance(c, keras.callbacks.Callback))(v)
            or v == {}
            if not isinstance(v, np.ndarray)
            else False
        ),
        ([], [kg.callbacks.HealthMonitor()]),
        also=([keras.callbacks.Callback],),
    )
    verbose = Kind(lambda v: isinstance(v, str | int) and v in ("auto", 0, 1, 2))
    count = whole(1, 2**31 - 1).or_none()
    of_fit = {
        "x": data,
        "batch_size": count,
        "epochs": whole(),
        "verbose": verbose,
        "callbacks": callbacks,
        "validation_split": number(0, 1, without=(1,), right=0.0),
        "shuffle": flag(),
        "initial_epoch": whole(0, 0),
        "steps_per_epoch": count,
        "validation_freq": Kind(lambda v: whole().accepts(v)),
        "validation_steps": count,
        "validation_batch_size": count,
        "sample_weight": NONE,
        "class_weight": NONE,
    }
    of_evaluate = {
        "x": data,
        "batch_size": count,
        "verbose": verbose,
        "steps": count,
        "return_dict": flag(),
        "sample_weight": NONE,
    }
    labels = array(lambda v: v.ndim == 1 and len(v) == 16 and set(v) <= {0, 1, 2, 3}, (CLASSES,))
    labels.also = (CLASSES + 0.5, CLASSES.astype(str), np.array([None] * 16), CLASSES + 9)
    conditional = points_gan(True)
    gan = points_gan()
    quiet = {"x": POINTS, "verbose": 0, "callbacks": [OneEpoch()]}
    seen = {"x": POINTS, "verbose": 0}
    return [
        entry("GAN.fit", gan.fit, quiet, **of_fit),
        entry("GAN.evaluate", gan.evaluate, seen, **of_evaluate),
        entry("ConditionalGAN.fit", conditional.fit, {**quiet, "y": CLASSES}, y=labels),
        entry("ConditionalGAN.evaluate", conditional.evaluate, {**seen, "y": CLASSES}, y=labels),
    ]


def generating():
    gan, conditional = points_gan(), points_gan(True)
    num = whole(1, 10**5)
    batch = whole(1, 2**31 - 1).or_none()
    latents = array(lambda v: v.shape == (4, 3) and np.isfinite(v).all(), (np.zeros((4, 3)),))
    labels = array(
        lambda v: v.ndim < 2 and v.size in (1, 4) and set(v.ravel()) <= {0, 1, 2, 3},
        (1, [1, 2, 3, 0]),
    )
    labels.accepts, by_rule = (
        (
            lambda v: (
                (not isinstance(v, list | np.ndarray) and by_rule(v))
                or (isinstance(v, list) and len(v) == 4 and by_rule(v))
            )
        ),
        labels.accepts,
    )
    images = array(lambda v: v.shape[1:] == (2,) and near_range(v), (POINTS, POINTS > 0))
    four = {"num_images": 4}
    same = whole(4, 4)
    cycle = cycle_gan()
    conditions = array(lambda v: v.shape[1:] == (8, 8, 1) and near_range(v), (IMAGES,))
    return [
        entry(
            "GAN.generate",
            gan.generate,
            four,
            num_images=num,
            labels=NONE,
            seed=SEED,
            batch_size=batch,
            dtype=one_of("float32").or_none(),
        ),
        entry(
            "GAN.generate of latents",
            gan.generate,
            {"latents": np.zeros((4, 3))},
            latents=latents,
            num_images=same.or_none(),
            seed=NONE,
            labels=NONE,
        ),
        entry(
            "ConditionalGAN.generate",
            conditional.generate,
            four,
            labels=labels.or_none(),
            num_images=num,
        ),
        entry("GAN.sample_latents", gan.sample_latents, four, num_images=num, seed=SEED),
        entry(
            "GAN.discriminate",
            gan.discriminate,
            {"images": POINTS},
            images=images,
            labels=array(lambda v: v.ndim > 0 and len(v) == 16).or_none(),
        ),
        entry(
            "CycleGAN.discriminate",
            cycle.discriminate,
            {"images": IMAGES},
            images=conditions,
            labels=conditions.or_none(),
        ),
        entry(
            "CycleGAN.generate",
            cycle.generate,
            {"labels": IMAGES},
            labels=conditions,
            inverse=flag(),
            latents=NONE,
            num_images=whole(16, 16).or_none(),
            batch_size=batch,
            seed=SEED,
            dtype=one_of("float32", "uint8").or_none(),
        ),
    ]


def saving():
    gan = points_gan()
    state = gan.get_state()
    broken = [array * np.nan if array.dtype.kind == "f" else array for array in state]
    states = Kind(
        lambda v: v is state, (state,), also=(broken, state[:-1], [None] * len(state), state[::-1])
    )
    folder = folder_of("walk")
    return [
        entry("GAN.set_state", gan.set_state, {"arrays": state}, arrays=states),
        entry("GAN.export", gan.export, {"filepath": folder}, filepath=ANYWHERE),
        entry("GAN.save", gan.save, {"filepath": f"{folder}/a.keras"}, filepath=NONE_OF_THESE),
        entry(
            "GAN.measure_with",
            gan.measure_with,
            {"metrics": []},
            metrics=Kind(lambda v: isinstance(v, list | tuple) and len(v) == 0),
        ),
    ]


ANYWHERE = Kind(lambda value: isinstance(value, str) and value == "a")
NONE_OF_THESE = Kind(lambda value: False, of_keras=True)


def other_classes():
    judge = kg.metrics.DomainClassifier((10, 10, 1), 3)
    images, classes = np.zeros((6, 10, 10, 1), "uint8"), np.arange(6) % 3
    of_judge = array(lambda v: v.shape[1:] == (10, 10, 1) and near_range(v), (images,))
    whole_labels = array(lambda v: v.shape == (6,) and set(v) <= {0, 1, 2}, (classes,))
    metric = kg.metrics.FrechetDistance(Judge())
    seen = array(
        lambda v: v.ndim > 1 and near_range(v) and v.size // len(v) > 1, (POINTS,)
    ).or_none()
    clusters = kg.layers.KMeans(2)
    clusters.adapt(POINTS)
    points = array(lambda v: v.shape[1:] == (2,) and np.isfinite(v).all(), (POINTS,))
    gan = image_gan()
    few = whole(1, 1000, right=2)
    return [
        entry("DomainClassifier.features", judge.features, {"images": images}, images=of_judge),
        entry(
            "DomainClassifier.accuracy",
            judge.accuracy,
            {"images": images, "labels": classes},
            images=array(lambda v: v is images or False),
            labels=whole_labels,
        ),
        entry(
            "SampleMetric.update_state",
            metric.update_state,
            {"real_images": POINTS, "fake_images": POINTS},
            real_images=seen,
            fake_images=seen,
        ),
        entry("KMeans.adapt", clusters.adapt, {"data": POINTS}, data=points),
        entry(
            "KMeans.sample",
            clusters.sample,
            {"num_images": 3},
            num_images=whole(1, 10**6),
            seed=SEED,
        ),
        entry(
            "plot_latent_interpolation",
            kg.drawing.plot_latent_interpolation,
            {"gan": gan, "num_rows": 1, "num_steps": 2},
            gan=Kind(lambda v: False),
            num_rows=few,
            num_steps=whole(2, 1000),
            seed=SEED,
            label=Kind(lambda v: v is None or isinstance(v, bool) or whole(0, 3).accepts(v), (1,)),
        ),
        entry(
            "plot_class_interpolation",
            kg.drawing.plot_class_interpolation,
            {"gan": gan, "num_steps": 2},
            gan=Kind(lambda v: False),
            num_steps=whole(2, 1000),
            seed=SEED,
            classes=Kind(
                lambda v: v is None or (is_list_of(whole(0, 3).accepts)(v) and len(v) > 1),
                ([0, 2],),
            ),
        ),
    ]


def costly():
    """The entries that train, evaluate or generate."""
    rooms = compiling, fitting, generating, saving, other_classes
    return [one for room in rooms for one in room()]
