"""The public API: a good call of each class and function, and the kind of each argument."""

import functools
import inspect
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from kinds import (
    Kind,
    array,
    flag,
    function,
    instance,
    number,
    one_of,
    pair,
    path,
    shape,
    text,
    whole,
)

import keras_gans as kg

ROOMS = ("augmentation", "callbacks", "datasets", "drawing", "layers", "losses", "metrics")
ROOMS += ("networks", "ops", "priors")
POINTS = np.linspace(-1, 1, 32, dtype="float32").reshape(16, 2)
IMAGES = np.linspace(-1, 1, 16 * 64, dtype="float32").reshape(16, 8, 8, 1)
AROUND_IMAGES = (-1, 1), [-1, 2], np.array([-2.0, 2.0])  # value ranges
FOLDER = Path(tempfile.gettempdir()) / "keras_gans_walk"

SEED = whole(0, 2**63 - 1, right=3).or_none()
WEIGHT = number(0, 1e6, right=0.5)
SCHEDULE = kg.ops.CosineSchedule
WEIGHT_OR_SCHEDULE = Kind(
    lambda value: WEIGHT.accepts(value) or isinstance(value, SCHEDULE),
    (1, np.float32(0.5), SCHEDULE(1.0, 0.0, 10)),
)
ACTIVATION = one_of("tanh", "sigmoid", "linear")
POLICY = Kind(
    lambda value: (
        isinstance(value, list | tuple)
        and all(change in ("translation", "cutout", "color", "flip") for change in value)
    ),
    (("flip",), ["color", "cutout"]),
    also=("translation", [None], {"translation": 1}),
)
HEADS = Kind(
    lambda value: (
        isinstance(value, dict)
        and all(isinstance(name, str) and name not in ("", "logits") for name in value)
        and all(whole(1, 10**6).accepts(units) for units in value.values())
    ),
    ({"codes": np.int64(3)},),
    also=({"codes": 0}, {"codes": True}, {"logits": 1}, {1: 1}),
)
IMAGE = shape(ranks=(3,), right=((8, 8, 1), [16, 8, 3], np.array((8, 9, 1))))
ANY_IMAGE = shape(ranks=(2, 3, 4), right=((8, 8, 1), [16, 3], np.array((8, 9, 1))))
SIZES = Kind(
    lambda value: (
        isinstance(value, list | tuple | np.ndarray)
        and len(value) == 2
        and all(whole().accepts(size) for size in value)
    ),
    ((2, 3), [4, np.int64(2)], np.array([1, 2])),
    also=((), (0, 2), (-1, 2), (1.5, 2), ("a", 2), (True, 2), (99,)),
)
WIDTH = Kind(
    lambda value: whole(1, 10**6).accepts(value) or SIZES.accepts(value),
    (3, np.int64(3), (2, 3)),
    also=SIZES.also,
)


@dataclass
class Entry:
    """A function, how to make good arguments for it, and the kind of each one."""

    name: str
    function: Any
    arguments: Any
    kinds: dict

    @property
    def parameters(self):
        """The names of all of its arguments, but `**kwargs`."""
        variable = inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL
        function = self.function
        if inspect.isclass(function):  # before Python 3.11.3, its own signature may be `__new__`'s
            function = function.__init__.__get__(object())
        found = inspect.signature(function).parameters.items()
        return [name for name, one in found if one.kind not in variable]


def entry(function, arguments=None, **kinds):
    arguments = arguments if callable(arguments) else functools.partial(dict, arguments or {})
    return Entry(function.__name__, function, arguments, kinds)


def ops():
    vector = array(
        lambda v: v.ndim == 1 and len(v) == 3 and np.isfinite(v).all() and v.any(), ([0, 0, 1.0],)
    )
    ends = {"first": [1.0, 0, 0], "last": [0, 1.0, 0], "num_steps": 3}
    classes = {"first": 0, "last": 1, "num_classes": 3, "num_steps": 3}
    steps = whole(2, 10**6)
    of_class = whole(0, 2, right=1)
    finite = number(right=0.5)
    return [
        entry(
            kg.ops.CosineSchedule,
            {"start": 1.0, "end": 0.0, "num_images": 10},
            start=finite,
            end=finite,
            num_images=whole(1, 2**53),
        ),
        entry(kg.ops.spherical_interpolation, ends, first=vector, last=vector, num_steps=steps),
        entry(
            kg.ops.class_interpolation,
            classes,
            first=of_class,
            last=of_class,
            num_classes=whole(2, 10**6),
            num_steps=steps,
        ),
        entry(
            kg.ops.to_uint8,
            {"images": IMAGES, "value_range": (-1, 1)},
            images=array(lambda v: np.isfinite(v).all(), (IMAGES, [0.5]), empty=True),
            value_range=pair(infinite=False),
        ),
        entry(
            kg.ops.to_value_range,
            {"images": IMAGES, "value_range": (-1, 1)},
            images=array(lambda v: True, (IMAGES,), empty=True),
            value_range=pair(),
        ),
    ]


def priors():
    finite = number(right=0.5)
    codes = Kind(
        lambda v: (
            isinstance(v, tuple | list | np.ndarray)
            and np.size(v) < 10**6
            and all(whole(2).accepts(n) for n in v)
        ),
        ((2, 3), [np.int64(2)], ()),
        also=((1,), (2.0,), "23", 3, (True,)),
    )
    return [
        entry(kg.priors.Prior),
        entry(kg.priors.Normal, mean=finite, stddev=number(0, without=(0,), right=0.5)),
        entry(
            kg.priors.Uniform,
            {"low": -1.0, "high": 1.0},
            low=number(high=1, without=(1,), right=0.5),
            high=number(-1, without=(-1,), right=0.5),
        ),
        entry(kg.priors.TruncatedNormal, threshold=number(0, 100, without=(0,), right=0.5)),
        entry(kg.priors.Codes, {}, categories=codes, continuous=whole(0, 10**6)),
    ]


def losses():
    own = [
        entry(getattr(kg.losses, name))
        for name in (
            "AdversarialLoss",
            "AuxiliaryLoss",
            "Hinge",
            "LeastSquares",
            "Minimax",
            "RelativisticAverage",
            "RelativisticPairing",
            "Wasserstein",
        )
    ]
    keras_losses = instance(keras.losses.Loss, (keras.losses.BinaryCrossentropy(),))
    keras_losses.also = (keras.losses.CosineSimilarity(), keras.losses.CategoricalCrossentropy())
    keras_losses.accepts = lambda v: (
        isinstance(v, keras.losses.Loss)
        and type(v).__name__ not in ("CosineSimilarity", "CategoricalCrossentropy")
    )
    codes = kg.priors.Codes((3,), 1)
    return [
        *own,
        entry(kg.losses.NonSaturating, label_smoothing=number(0, 0.5, without=(0.5,), right=0.1)),
        entry(kg.losses.KerasLoss, {"loss": keras.losses.BinaryCrossentropy()}, loss=keras_losses),
        entry(kg.losses.SlopePenalty, {"weight": 1.0}, weight=WEIGHT_OR_SCHEDULE),
        entry(kg.losses.R1, {"gamma": 1.0}, gamma=WEIGHT_OR_SCHEDULE),
        entry(kg.losses.R2, {"gamma": 1.0}, gamma=WEIGHT_OR_SCHEDULE),
        entry(kg.losses.GradientPenalty, weight=WEIGHT_OR_SCHEDULE),
        entry(kg.losses.Classification, weight=WEIGHT, key=text()),
        entry(kg.losses.FeatureMatching, weight=WEIGHT, key=text()),
        entry(kg.losses.LeCam, weight=WEIGHT, decay=number(0, 1, without=(1,), right=0.5)),
        entry(kg.losses.LabelNoise, real=number(-1, 1, right=0.1), fake=number(-1, 1, right=0.1)),
        entry(
            kg.losses.Consistency,
            {"augmentation": abs},
            weight=WEIGHT,
            augmentation=function((abs,)),
        ),
        entry(kg.losses.Reconstruction, weight=WEIGHT, norm=one_of(1, 2)),
        entry(
            kg.losses.MutualInformation,
            {"prior": codes},
            prior=instance(kg.priors.Codes, (codes,)),
            weight=WEIGHT,
            continuous_weight=WEIGHT,
            key=text(),
        ),
    ]


def augmentations():
    schedule = SCHEDULE(0.0, 1.0, 10)
    in_0_1 = instance(
        SCHEDULE, (schedule,), lambda s: 0 <= min(s.start, s.end) <= max(s.start, s.end) <= 1
    )
    in_0_1.also = (SCHEDULE(0.0, 2.0, 10), SCHEDULE(-1.0, 1.0, 10))
    common = {"policy": POLICY, "seed": SEED}
    return [
        entry(kg.augmentation.DiffAugment, **common),
        entry(
            kg.augmentation.AdaptiveAugment,
            target=number(-1, 1, without=(-1, 1), right=0.1),
            largest=number(0, 1),
            ramp=whole(1, 2**53),
            **common,
        ),
        entry(kg.augmentation.ScheduledAugment, {"schedule": schedule}, schedule=in_0_1, **common),
    ]


def applied(layer, *inputs):
    """A layer as a function that is also built and called."""

    @functools.wraps(layer)
    def build_and_call(**arguments):
        made = layer(**arguments)
        made(inputs[0] if len(inputs) == 1 else list(inputs))

    build_and_call.__signature__ = inspect.signature(layer)
    return build_and_call


def layers():
    vectors = np.ones((2, 8), "float32")
    classes = np.array([0, 1])
    images = np.ones((2, 4, 4, 8), "float32")
    found = whole(2, 10**6)
    features = keras.Sequential([keras.Input((8,)), keras.layers.Dense(2)])
    some = instance(keras.Model, (features,)).or_none()
    dense = instance(keras.layers.Layer, (keras.layers.Dense(2),))
    dense.accepts = lambda v: isinstance(v, keras.layers.Dense)
    made = [
        entry(
            applied(kg.layers.LabelPlanes, images, classes), {"num_classes": 2}, num_classes=found
        ),
        entry(
            applied(kg.layers.LabelEmbedding, classes),
            {"output_dim": 2, "num_classes": 3},
            output_dim=whole(1, 10**6),
            num_classes=found,
        ),
        entry(
            applied(kg.layers.ConditionalBatchNormalization, images, classes),
            {"num_classes": 2},
            num_classes=found,
            momentum=number(0, 1, without=(1,)),
        ),
        entry(
            applied(kg.layers.KMeans, vectors),
            {"num_clusters": 2},
            num_clusters=whole(1, 10**5),
            num_components=whole(1, 10**6),
            features=some,
            seed=whole(0, 2**63 - 1),
        ),
        entry(
            applied(kg.layers.LearnedBasis, vectors),
            {"height": 2, "width": 2},
            height=whole(1, 10**4),
            width=whole(1, 10**4),
        ),
        entry(applied(kg.layers.Pack, images), {"num_images": 2}, num_images=whole(1, 10**4)),
        entry(applied(kg.layers.SelfAttention, images), num_heads=whole(1, 10**3)),
        entry(
            applied(kg.layers.SpectralNormalization, vectors),
            lambda: {"layer": keras.layers.Dense(2)},
            layer=dense,
        ),
    ]
    without = "BilinearUpsampling", "BilinearDownsampling", "MinibatchStandardDeviation"
    return made + [entry(applied(getattr(kg.layers, name), images)) for name in without]


def networks():
    n = kg.networks
    small = {"image_shape": (8, 8, 1)}
    classes, dim = whole(1, 10**6).or_none(), whole(1, 10**6).or_none()
    labels = {"num_classes": classes, "condition_dim": dim}
    latent = {"latent_dim": whole(1, 10**6)}
    dropout = number(0, 1, without=(1,))
    two = {"image_shape": (8, 8, 1), "strides": (2, 1)}
    sizes = {"width": WIDTH, "kernel_size": WIDTH, "strides": SIZES.or_none()}
    mlp = {
        "image_shape": shape(right=((2,), [8, 8, 1], np.array([3]))),
        "width": whole(1, 10**5),
        "depth": whole(0, 1000),
    }
    r3 = {
        "image_shape": IMAGE,
        "width": WIDTH,
        "blocks": whole(1, 100),
        "group_size": whole(1, 4).or_none(),
    }
    r3["group_size"].accepts = lambda v: v is None or (whole(1, 4).accepts(v) and v in (1, 2, 4))
    generator = n.mlp_generator((2,), 3, width=4, num_classes=3)
    conditions = shape(ranks=(3,), right=((8, 8, 1), [4, 4, 2]))
    out = {"activation": ACTIVATION, "batch_norm": flag()}
    return [
        entry(n.dcgan_generator, two, image_shape=ANY_IMAGE, **latent, **sizes, **out, **labels),
        entry(
            n.upsampling_generator, two, image_shape=ANY_IMAGE, **latent, **sizes, **out, **labels
        ),
        entry(
            n.dcgan_discriminator,
            two,
            image_shape=ANY_IMAGE,
            **sizes,
            batch_norm=flag(),
            dropout=dropout,
            projection=flag(),
            heads=HEADS.or_none(),
            **labels,
        ),
        entry(
            n.patch_discriminator,
            two,
            image_shape=ANY_IMAGE,
            condition_shape=conditions.or_none(),
            **sizes,
            batch_norm=flag(),
            dropout=dropout,
        ),
        entry(
            n.mlp_generator,
            {"image_shape": (2,)},
            **mlp,
            **latent,
            activation=ACTIVATION.or_none(),
            **labels,
        ),
        entry(
            n.mlp_discriminator,
            {"image_shape": (2,)},
            **mlp,
            dropout=dropout,
            projection=flag(),
            heads=HEADS.or_none(),
            **labels,
        ),
        entry(n.r3gan_generator, small, **r3, **latent, activation=ACTIVATION, **labels),
        entry(n.r3gan_discriminator, small, **r3, **labels),
        entry(
            n.unet_generator,
            {**small, "condition_shape": (8, 8, 1)},
            image_shape=IMAGE,
            condition_shape=conditions,
            latent_dim=whole(0, 10**6),
            width=whole(1, 10**5),
            depth=whole(1, 20).or_none(),
            dropout=dropout,
            **out,
        ),
        entry(
            n.class_mixing_generator,
            {"generator": generator, "num_classes": 3},
            generator=instance(keras.Model, (generator,)),
            num_classes=whole(3, 3),
            place=whole(0, 1).or_none(),
        ),
    ]


class Judge:
    """A classifier and an extractor of features."""

    def features(self, images):
        return np.reshape(images, (len(images), -1))[:, :2]

    def probabilities(self, images):
        return np.full((len(images), 3), 1 / 3)


def metrics():
    m = kg.metrics
    judge = Judge()
    extractor = Kind(lambda v: isinstance(v, Judge), (judge,), also=(Judge,))
    name = text(wrong=("",)).or_none()
    common = {"extractor": extractor, "name": name}
    one = {"extractor": judge}
    rows = array(
        lambda v: v.ndim == 2 and len(v) > 5 and v.shape[1] == 2 and np.isfinite(v).all(), (POINTS,)
    )
    sets = {"real_features": POINTS, "fake_features": POINTS}
    both = {"real_features": rows, "fake_features": rows}
    k = whole(1, 15)
    model = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(4, 3, name="a")])
    subsets = {"subset_size": whole(2, 16).or_none(), "num_subsets": whole(1, 10**4)}
    training = array(lambda v: v.ndim > 1 and np.isfinite(v).all() and abs(v).max() <= 1, (IMAGES,))
    entries = [
        entry(getattr(m, name), one, **common)
        for name in (
            "ClassifierScore",
            "FrechetDistance",
            "LabelAccuracy",
            "ModeCoverage",
            "SampleMetric",
        )
    ]
    sized = {**subsets, "subset_size": whole(2, 2**31).or_none()}
    return [
        *entries,
        entry(m.RawPixels),
        entry(m.DensityCoverage, one, k=whole(1, 10_000), **common),
        entry(m.PrecisionRecall, one, k=whole(1, 10_000), **common),
        entry(m.KernelDistance, one, **sized, **common),
        entry(m.GridDivergence, num_cells=whole(1, 10**4), name=name),
        entry(
            m.NearestTrainingImage,
            {**one, "training_images": IMAGES},
            training_images=training,
            value_range=pair(right=AROUND_IMAGES),
            **common,
        ),
        entry(
            m.LayerFeatures,
            {"model": model},
            model=instance(keras.Model, (model,)),
            layer_name=one_of("a").or_none(),
            value_range=pair(),
        ),
        entry(
            m.DomainClassifier,
            {"image_shape": (10, 10, 1), "num_classes": 3},
            image_shape=shape(ranks=(3,), right=((10, 12, 1), np.array((10, 10, 3)))),
            num_classes=whole(2, 10**6),
            value_range=pair(),
        ),
        entry(m.Inception, {"weights": "missing.h5"}, weights=Kind(lambda v: False)),
        entry(m.FrozenInception, {"path": "missing.pb"}, path=Kind(lambda v: False)),
        entry(m.SqueezeNet, {"weights": "missing.h5"}, weights=Kind(lambda v: False)),
        entry(m.frechet_distance, sets, **both),
        entry(m.kernel_distance, sets, **both, **subsets),
        entry(m.precision_and_recall, sets, **both, k=k),
        entry(m.density_and_coverage, sets, **both, k=k),
        entry(m.nearest_distances, {"rows": POINTS, "others": POINTS}, rows=rows, others=rows),
    ]


def datasets():
    d = kg.datasets
    good = {"images": POINTS, "batch_size": 4}
    images = array(
        lambda v: v.ndim > 1 and len(v) == 16 and np.isfinite(v).all() and abs(v).max() <= 1,
        (POINTS, IMAGES),
    )
    labels = array(
        lambda v: v.ndim >= 1 and len(v) == 16 and np.isfinite(v).all(), (np.arange(16),)
    )
    known = {
        "value_range": pair(infinite=False),
        "seed": SEED,
        "drop_remainder": flag(),
        "labels": flag(),
    }
    split = {"split": one_of("train", "test")}
    batch = {"batch_size": whole(1, 400)}
    missing = Kind(lambda v: False)
    folder = Kind(lambda v: False, skipped=(None,))  # None may download
    entries = [
        entry(
            d.from_arrays,
            good,
            images=images,
            batch_size=whole(1, 16),
            labels=labels.or_none(),
            value_range=pair(right=AROUND_IMAGES),
            seed=SEED,
            drop_remainder=flag(),
        ),
        entry(
            d.mechanical_designs,
            {"batch_size": 4},
            **batch,
            **split,
            **known,
            image_shape=shape(ranks=(3,), right=((50, 50, 1), np.array((8, 8, 1)))),
        ),
        entry(d.cartoon_faces, {"batch_size": 4}, **batch, **split, **known),
    ]
    for name in ("mnist", "fashion_mnist", "cifar10", "stacked_mnist"):
        more = {"num_images": missing} if name == "stacked_mnist" else {}
        entries.append(
            entry(
                getattr(d, name),
                {"batch_size": 4, "data_dir": "missing"},
                split=missing,
                data_dir=folder,
                batch_size=missing,
                **more,
                **dict.fromkeys(known, missing),
            )
        )
    entries += [
        entry(
            d.quick_draw,
            {"batch_size": 4, "data_dir": "missing"},
            batch_size=missing,
            categories=missing,
            split=missing,
            data_dir=folder,
            **dict.fromkeys(known, missing),
        ),
        entry(
            d.image_folder,
            {"folder": "missing", "batch_size": 4},
            folder=missing,
            batch_size=missing,
            image_shape=missing,
            split=missing,
            skip_unreadable=missing,
            **dict.fromkeys(known, missing),
        ),
        entry(
            d.celeb_a,
            {"batch_size": 4, "image_shape": (8, 8, 1)},
            batch_size=missing,
            image_shape=missing,
            split=missing,
            data_dir=folder,
            **{name: missing for name in known if name != "labels"},
        ),
    ]
    return entries


def drawing():
    d = kg.drawing
    images = array(lambda v: v.ndim == 4, (IMAGES[:4],))
    columns = whole(1).or_none()
    title = text().or_none()
    label = Kind(lambda v: isinstance(v, str), ("a",))
    title.accepts = lambda v: v is None or isinstance(v, str)
    captions = Kind(
        lambda v: (
            v is None
            or (
                isinstance(v, list | tuple)
                and len(v) in (2, 4)
                and all(isinstance(c, str) for c in v)
            )
            or (isinstance(v, list | tuple | np.ndarray) and len(v) == 0)
        ),
        (["a"] * 4, ["$_$"] * 4, ["a", "b"]),
        also=([None] * 4, "abcd", ["a"] * 3),
    )
    rest = {"columns": columns, "captions": captions, "title": title}
    of_range = pair()
    rows = array(lambda v: v.ndim == 2 and v.shape[1] == 2, (POINTS,))
    table = array(lambda v: v.ndim == 2, (POINTS,))
    same = array(lambda v: v.ndim == 2 and v.shape[1] == 2, (POINTS,))
    values = array(lambda v: v.ndim == 1 and np.isfinite(v).all(), ([0.5, 0.1],))
    history = Kind(
        lambda v: (
            isinstance(v, dict)
            and all(isinstance(name, str) for name in v)
            and len(v) > 0
            and all(
                isinstance(n, list) and n and all(isinstance(x, float) for x in n)
                for n in v.values()
            )
        ),
        ({"a_loss": [1.0, 2.0]}, {"a_loss": [1.0, float("nan")]}),
        also=({"a": []}, {"a": "ab"}, {1: [1.0]}),
    )
    series = array(lambda v: v.ndim == 3, (IMAGES[:4, ..., 0],))
    volumes = array(lambda v: v.ndim == 5, (np.zeros((4, 2, 2, 2, 1)),))
    samples = array(lambda v: 2 <= v.ndim <= 5, (POINTS, IMAGES[:4]))
    mean = array(
        lambda v: v.ndim == 4 and v.shape[-1] in (1, 3) and np.isfinite(v).all(), (IMAGES,)
    )
    return [
        entry(d.plot_images, {"images": IMAGES[:4]}, images=images, value_range=of_range, **rest),
        entry(
            d.plot_series,
            {"series": IMAGES[:4, ..., 0]},
            series=series,
            value_range=of_range.or_none(),
            **rest,
        ),
        entry(
            d.plot_volumes,
            {"volumes": np.zeros((4, 2, 2, 2, 1))},
            volumes=volumes,
            value_range=of_range,
            **rest,
        ),
        entry(
            d.plot_samples,
            {"samples": IMAGES[:4]},
            real_samples=Kind(lambda v: v is None),
            samples=samples,
            value_range=of_range,
            **rest,
        ),
        entry(
            d.plot_points,
            {"fake_points": POINTS},
            fake_points=rows,
            real_points=rows.or_none(),
            value_range=of_range.or_none(),
            title=title,
        ),
        entry(
            d.plot_columns,
            {"fake_rows": POINTS},
            fake_rows=table,
            real_rows=same.or_none(),
            columns=columns,
            title=title,
        ),
        entry(
            d.plot_histograms,
            {"real_values": [0.1, 0.2]},
            real_values=values,
            fake_values=values.or_none(),
            bins=whole(1, 10**4),
            label=label,
            title=title,
        ),
        entry(
            d.plot_mean_images,
            {"real_images": IMAGES},
            real_images=mean,
            fake_images=mean.or_none(),
            value_range=pair(infinite=False),
        ),
        entry(d.plot_learning_curves, {"history": {"a_loss": [1.0]}}, history=history),
    ]


def folder_of(kind):
    """A new folder for each call."""
    FOLDER.mkdir(exist_ok=True)
    return tempfile.mkdtemp(dir=FOLDER)


def callbacks():
    c = kg.callbacks
    every = whole(1, 2**31)
    anywhere = path((FOLDER,))
    strings = Kind(
        lambda v: (
            v is None
            or (isinstance(v, list | tuple) and len(v) > 0 and all(isinstance(s, str) for s in v))
        ),
        (None, ["a"]),
    )
    labels = array(lambda v: np.isfinite(v).all(), ([1, 2],)).or_none()
    some = array(lambda v: v.ndim > 1 and np.isfinite(v).all(), (POINTS,))
    plain = text(wrong=("../out", "a/b", "a\\b", "", ".", "..", "a\0b"))
    plain.accepts = lambda v: isinstance(v, str) and v == "a"
    health = c.HealthMonitor()
    page = Kind(lambda v: isinstance(v, str | Path) and str(v).endswith(".html"), ("a.html",))
    return [
        entry(c.HealthMonitor, patience=every),
        entry(c.NaNGuard, max_rollbacks=whole(0, 2**31), factor=number(0, 1, without=(0, 1))),
        entry(
            c.Resume,
            {"folder": FOLDER},
            folder=anywhere,
            every=every,
            unit=one_of("epochs", "steps", "minutes"),
        ),
        entry(
            c.SampleEvaluator,
            {"x": POINTS},
            x=some,
            y=array(lambda v: v.ndim > 0 and np.isfinite(v).all()).or_none(),
            every=every,
        ),
        entry(
            c.ImageMonitor,
            folder=anywhere,
            every=every,
            num_images=whole(1, 10**4).or_none(),
            labels=labels,
            seed=whole(0, 2**63 - 1),
            captions=strings,
            name=plain,
            real_images=some.or_none(),
            loggers=Kind(
                lambda v: (
                    isinstance(v, list | tuple)
                    and all(callable(one) and not isinstance(one, type) for one in v)
                ),
                ([abs], ()),
                also=([keras.callbacks.CSVLogger("a.csv")], [print, None]),
            ),
        ),
        entry(
            c.TrainingReport,
            file=page,
            real_images=some.or_none(),
            health=instance(c.HealthMonitor, (health,)).or_none(),
            labels=labels,
            seed=whole(0, 2**63 - 1),
            every=every,
            title=text().or_none(),
        ),
    ]


def mlp(which, **arguments):
    network = {
        "generator": kg.networks.mlp_generator,
        "discriminator": kg.networks.mlp_discriminator,
    }
    return functools.partial(network[which], width=4, depth=1, **arguments)


def models():
    good = {
        "image_shape": (2,),
        "latent_dim": 3,
        "generator": mlp("generator"),
        "discriminator": mlp("discriminator"),
    }
    factory = Kind(
        lambda v: isinstance(v, functools.partial),
        (),
        of_keras=True,
        also=(keras.Sequential([]), 5),
    )
    latent = Kind(
        lambda v: v is None or whole(1, 10**6).accepts(v),
        (3, np.int64(3), None),
        also=((None,), (2.5,), [0], (0,)),
    )
    image_shape = shape(right=((2,), [3], np.array([2]), np.array((2, 2, 1))))
    condition = {
        "num_classes": whole(1, 10**6).or_none(),
        "condition_dim": whole(1, 10**6).or_none(),
        "condition_shape": shape().or_none(),
    }
    condition["condition_shape"].accepts = lambda v: v is None
    prior = function((abs,)).or_none()
    rest = {"prior": prior, "value_range": pair().or_none(), "seed": SEED}
    image = {"image_shape": (8, 8, 1), "latent_dim": 2}
    of_classes = {**image, "num_classes": 3}
    wrong = Kind(lambda v: v is None)
    m = kg
    cycle = {"image_shape": (8, 8, 1)}

    def kinds(**changed):
        shapes = {
            "image_shape": IMAGE,
            "latent_dim": latent,
            "generator": wrong,
            "discriminator": wrong,
        }
        return {**shapes, **condition, **rest, **changed}

    unconditional = kinds()
    entries = [
        entry(
            m.GAN, good, **kinds(image_shape=image_shape, generator=factory, discriminator=factory)
        )
    ]
    entries += [entry(cls, image, **unconditional) for cls in (m.DCGAN, m.WGANGP)]
    entries += [
        entry(m.R3GAN, image, **unconditional),
        entry(
            m.ConditionalGAN,
            of_classes,
            **kinds(num_classes=whole(1, 10**6), condition_dim=Kind(lambda v: v is None)),
        ),
        entry(
            m.ACGAN,
            of_classes,
            **kinds(num_classes=whole(2, 10**6), condition_dim=Kind(lambda v: v is None)),
        ),
        entry(
            m.SelfConditionedGAN,
            of_classes,
            **kinds(num_classes=whole(1, 10**5).or_none(), condition_dim=Kind(lambda v: v is None)),
        ),
        entry(
            m.InfoGAN,
            {"image_shape": (8, 8, 1), "latent_dim": 20},
            **kinds(
                num_classes=Kind(lambda v: v is None),
                condition_dim=Kind(lambda v: v is None),
                latent_dim=whole(12, 10**6).or_none(),
                prior=Kind(lambda v: v is None),
            ),
        ),
        entry(
            m.Pix2Pix,
            {"image_shape": (8, 8, 1), "condition_shape": (8, 8, 1)},
            **kinds(
                num_classes=Kind(lambda v: v is None),
                condition_dim=Kind(lambda v: v is None),
                condition_shape=shape(ranks=(3,), right=((8, 8, 2), [8, 8, 1])),
                latent_dim=whole(0, 10**6).or_none(),
            ),
        ),
        entry(
            m.CycleGAN,
            cycle,
            image_shape=IMAGE,
            generators=Kind(lambda v: v is None),
            discriminators=Kind(lambda v: v is None),
            value_range=pair(),
            seed=SEED,
        ),
    ]
    return entries


def base_model():
    """The class whose constructor the recipes share."""
    return [one for one in models() if one.function is kg.GAN]


def base_networks():
    """Networks with which the others share their checks."""
    return [one for one in networks() if one.name in ("dcgan_generator", "mlp_discriminator")]


CHEAP = (
    *(ops, priors, losses, augmentations, callbacks, metrics, drawing, datasets, layers),
    *(base_networks, base_model),
)


def constructors_and_functions():
    """The entries of all constructors and functions."""
    return [one for room in (*CHEAP[:-2], networks, models) for one in room()]
