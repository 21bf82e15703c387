"""Auxiliary losses: their values by hand, whom they reach, and what they cost."""

import math

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gans as kg
from keras_gans import losses
from keras_gans.models.critic import Critic
from keras_gans.models.turn import Turn

pytestmark = pytest.mark.usefixtures("eagerly")

IMAGES = np.random.default_rng(0).uniform(-1, 1, (12, 4)).astype("float32")


class Uniform:
    """A critic whose random numbers are known."""

    def __init__(self, value_range=(-1, 1)):
        self.images_seen, self.seed_generator, self.value_range = 0, None, value_range

    def uniform(self, images, shape):
        return 0.5 * ops.ones((ops.shape(images)[0], *shape))

    def __call__(self, images):
        return ops.sum(images, axis=-1, keepdims=True)


def turn(real=None, fake=None, labels=None, latents=None, images=((0.0,), (0.0,)), **critic):
    def as_dict(outputs):
        return {name: np.asarray(output, "float32") for name, output in (outputs or {}).items()}

    images = [np.asarray(one, "float32") for one in images]
    return Turn(*images, labels, latents, as_dict(real), as_dict(fake), Uniform(**critic))


def softmax_loss(logits, place):
    return math.log(sum(map(math.exp, logits))) - logits[place]


def test_classification_is_the_cross_entropy_of_both_kinds():
    real, fake = [[1.0, 2.0, 0.0], [0.0, 0.0, 3.0]], [[0.5, 0.0, 0.0], [0.0, 1.0, 0.0]]
    labels = np.array([1, 2])
    now = turn({"classes": real}, {"classes": fake}, labels)
    of_real = (softmax_loss(real[0], 1) + softmax_loss(real[1], 2)) / 2
    of_fake = (softmax_loss(fake[0], 1) + softmax_loss(fake[1], 2)) / 2
    loss = losses.Classification(weight=2.0)
    assert float(loss.discriminator_loss(now)) == pytest.approx(2 * (of_real + of_fake), abs=1e-5)
    assert float(loss.generator_loss(now)) == pytest.approx(2 * of_fake, abs=1e-5)


def test_mutual_information_reads_each_code_where_the_prior_puts_it():
    prior = kg.priors.Codes(categories=(2, 3), continuous=1)
    latents = np.array([[9.0, 1, 0, 0, 0, 1, 0.5], [9.0, 0, 1, 1, 0, 0, -1.0]], "float32")
    estimates = [[2.0, 0, 1, 0, 1, 0.0], [0.0, 1, 0, 2, 0, 1.0]]
    first = softmax_loss([2, 0], 0) + softmax_loss([1, 0, 1], 2)
    second = softmax_loss([0, 1], 1) + softmax_loss([0, 2, 0], 0)
    squares = ((0.5 - 0.0) ** 2 + (-1.0 - 1.0) ** 2) / 2
    loss = losses.MutualInformation(prior, weight=3.0, continuous_weight=0.1)
    wanted = 3 * (first + second) / 2 + 0.1 * squares / 2
    now = turn(fake={"codes": estimates}, latents=latents)
    assert float(loss.generator_loss(now)) == pytest.approx(wanted, abs=1e-5)
    assert float(loss.discriminator_loss(now)) == pytest.approx(wanted, abs=1e-5)


@pytest.mark.parametrize(("norm", "wanted"), [(1, 100 * 1.5), (2, 100 * 2.5)])
def test_reconstruction_is_the_mean_distance(norm, wanted):
    now = turn(labels=np.zeros(1), images=([[1.0, 2.0]], [[0.0, 4.0]]))
    loss = losses.Reconstruction(100.0, norm)
    assert float(loss.generator_loss(now)) == pytest.approx(wanted)
    assert float(loss.discriminator_loss(now)) == 0


def test_feature_matching_compares_means():
    real, fake = [[1.0, 0.0], [3.0, 2.0]], [[0.0, 0.0], [0.0, 0.0]]
    now = turn({"features": real}, {"features": fake})
    assert float(losses.FeatureMatching(0.5).generator_loss(now)) == pytest.approx(0.5 * 5)


def test_lecam_keeps_logits_near_the_average_of_the_other_kind():
    loss = losses.LeCam(weight=2.0, decay=0.5)
    now = turn({"logits": [[4.0], [4.0]]}, {"logits": [[-2.0], [-2.0]]})
    # The averages move from 0 to 2 and -1: (4 + 1)^2 + (-2 - 2)^2.
    assert float(loss.discriminator_loss(now)) == pytest.approx(2 * (25 + 16))
    # Then to 3 and -1.5.
    assert float(loss.discriminator_loss(now)) == pytest.approx(2 * (5.5**2 + 25))


@pytest.mark.parametrize(("real_noise", "fake_noise"), [(-0.05, -0.05), (0.1, -0.1), (-0.2, 0.3)])
def test_label_noise_is_the_cross_entropy_with_noisy_targets(real_noise, fake_noise):
    real, fake = np.array([[0.3], [-1.2]], "float32"), np.array([[2.0], [0.1]], "float32")
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    wanted = cross_entropy(np.full((2, 1), 1 + real_noise * 0.5), real)  # u is known to be 0.5
    wanted += cross_entropy(np.full((2, 1), fake_noise * 0.5), fake)
    noise = losses.LabelNoise(real_noise, fake_noise)
    added = noise.discriminator_loss(turn({"logits": real}, {"logits": fake}))
    whole = losses.NonSaturating().discriminator_loss(real, fake) + added
    assert float(whole) == pytest.approx(float(wanted), abs=1e-6)


def test_label_noise_draws_from_the_models_source_for_each_logit():
    logits = np.ones((20_000, 1), "float32")
    critic = Critic(None, (-1, 1), 0, keras.random.SeedGenerator(0), None)
    now = Turn(logits, logits, None, None, {"logits": logits}, {"logits": 2 * logits}, critic)
    first, second = (float(losses.LabelNoise(1.0, 0.0).discriminator_loss(now)) for _ in "ab")
    assert first != second  # new numbers
    assert first == pytest.approx(second, abs=0.02)
    assert abs(first) == pytest.approx(0.5, abs=0.02)  # uniform in [0, 1), times the logits


def test_consistency_compares_logits_of_augmented_images():
    now = turn({"logits": [[3.0]]}, {"logits": [[1.0]]}, images=([[1.0, 2.0]], [[1.0, 0.0]]))
    loss = losses.Consistency(lambda images: 2 * images, weight=10.0)
    assert float(loss.discriminator_loss(now)) == pytest.approx(10 * (9 + 1))


def test_consistency_augments_images_between_minus_one_and_one():
    images = [[0.0, 0.5]], [[1.0, 0.5]]  # which are [-1, 0] and [1, 0] between -1 and 1
    logits = {"logits": [[0.5]]}, {"logits": [[1.5]]}
    loss = losses.Consistency(lambda images: 0.5 * images, weight=10.0)
    now = turn(*logits, images=images, value_range=(0, 1))
    assert float(loss.discriminator_loss(now)) == pytest.approx(10 * (0.25**2 + 0.25**2))


def test_an_output_that_is_missing_is_an_error():
    with pytest.raises(ValueError, match=r'needs an output "classes".*Received: outputs logits'):
        losses.Classification().generator_loss(turn(fake={"logits": [[0.0]]}))


def test_a_reconstruction_without_conditions_is_an_error():
    with pytest.raises(ValueError, match="needs pairs"):
        losses.Reconstruction().generator_loss(turn())


def test_an_output_of_another_size_is_an_error():
    prior = kg.priors.Codes([2], continuous=1)
    now = turn(fake={"codes": np.zeros((4, 2))}, latents=np.zeros((4, 5), "float32"))
    with pytest.raises(ValueError, match=r"shape \(N, 3\).*Give it 3 units"):
        losses.MutualInformation(prior).generator_loss(now)


def test_the_codes_must_be_those_of_the_model():
    gan = kg.InfoGAN(image_shape=(8, 8, 1), prior=kg.priors.Codes([2], 1), latent_dim=5)
    with pytest.raises(ValueError, match="same prior as the model"):
        gan.compile(auxiliary_losses=[losses.MutualInformation(kg.priors.Codes([3], 0))])


@pytest.mark.parametrize(
    ("make", "received"),
    [
        (lambda: losses.Classification(-1.0), r"weight=-1\.0"),
        (lambda: losses.LeCam(decay=1.0), r"decay=1\.0"),
        (lambda: losses.Reconstruction(norm=3), "norm=3"),
    ],
)
def test_wrong_settings(make, received):
    with pytest.raises(ValueError, match=f"Received: {received}"):
        make()


def counting_discriminator(calls):
    @keras.saving.register_keras_serializable(package="tests")
    class Counting(keras.Model):
        def __init__(self):
            super().__init__()
            self.hidden, self.last = layers.Dense(3), layers.Dense(1)

        def call(self, images, training=False):
            if training:
                calls.append(1)
            features = self.hidden(images)
            return {"logits": self.last(features), "features": features}

    return Counting()


def test_terms_on_outputs_cost_no_pass():
    passes = {}
    for name, terms in {
        "none": [],
        "three": [losses.LeCam(), losses.LabelNoise(), losses.FeatureMatching()],
        "consistency": [losses.Consistency(lambda images: 0.5 * images)],
    }.items():
        calls = []
        gan = kg.GAN(
            image_shape=(4,),
            generator=kg.networks.mlp_generator((4,), 2, width=4),
            discriminator=counting_discriminator(calls),
        )
        gan.compile(auxiliary_losses=terms)
        calls.clear()
        gan.fit(IMAGES[:6], batch_size=6, verbose=0)
        passes[name] = len(calls)
    assert passes == {"none": 3, "three": 3, "consistency": 5}


def test_each_player_learns_from_its_own_term_only():
    class OfOne:
        def __init__(self, player):
            setattr(self, f"{player}_loss", lambda turn: 10 * ops.mean(turn.fake_logits**2))

    def weights_after(*terms):
        keras.utils.set_random_seed(0)
        gan = kg.GAN(
            generator=kg.networks.mlp_generator((4,), 2, width=4),
            discriminator=kg.networks.mlp_discriminator((4,), width=4),
            seed=0,
        )
        sgd = [keras.optimizers.SGD(0.1) for _ in range(2)]
        gan.compile(*sgd, auxiliary_losses=list(terms), simultaneous=True)
        gan.fit(IMAGES[:6], batch_size=6, verbose=0, shuffle=False)
        return [
            np.concatenate([w.numpy().ravel() for w in network.weights])
            for network in (gan.generator, gan.discriminator)
        ]

    generator, discriminator = weights_after()
    of_generator = weights_after(OfOne("generator"))
    of_discriminator = weights_after(OfOne("discriminator"))
    assert not np.allclose(of_generator[0], generator)
    np.testing.assert_array_equal(of_generator[1], discriminator)
    np.testing.assert_array_equal(of_discriminator[0], generator)
    assert not np.allclose(of_discriminator[1], discriminator)


@pytest.mark.parametrize("wrong", [losses.Hinge(), losses.LeCam, "lecam", lambda turn: 0])
def test_what_is_no_auxiliary_loss_is_an_error(wrong):
    gan = kg.GAN(
        generator=kg.networks.mlp_generator((4,), 2, width=4),
        discriminator=kg.networks.mlp_discriminator((4,), width=4),
    )
    with pytest.raises(ValueError, match="`auxiliary_losses` must be a list of objects"):
        gan.compile(auxiliary_losses=[wrong])


def discriminator_with_features():
    images = keras.Input((4,))
    features = layers.Dense(3, activation="relu")(images)
    return keras.Model(images, {"logits": layers.Dense(1)(features), "features": features})


def test_their_state_and_settings_are_saved(tmp_path):
    gan = kg.GAN(
        generator=kg.networks.mlp_generator((4,), 2, width=4),
        discriminator=discriminator_with_features(),
        seed=0,
    )
    terms = [
        losses.LeCam(0.1, decay=0.5),
        losses.LabelNoise(0.02, -0.01),
        losses.FeatureMatching(0.3),
    ]
    terms += [losses.Consistency(kg.augmentation.DiffAugment(["flip"]), weight=0.0)]
    gan.compile(auxiliary_losses=terms[:3])
    gan.fit(IMAGES, batch_size=6, verbose=0)
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(
        again.auxiliary_losses[0].averages, gan.auxiliary_losses[0].averages
    )
    assert np.any(np.asarray(gan.auxiliary_losses[0].averages) != 0)
    for term in terms:
        config = keras.saving.serialize_keras_object(term)
        copy = keras.saving.deserialize_keras_object(config)
        assert keras.saving.serialize_keras_object(copy) == config
    for model in (gan, again):
        model.fit(IMAGES, batch_size=6, verbose=0, shuffle=False)
    for one, other in zip(gan.weights, again.weights, strict=True):
        np.testing.assert_array_equal(one, other)
