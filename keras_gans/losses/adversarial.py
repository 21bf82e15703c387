"""Losses of the two players, always in one class so that they cannot be mismatched."""

import keras

from keras_gans.saving import serializable


class AdversarialLoss:
    """Base of the losses: one method for each player, and a score for people.

    To write your own, override the two losses. Register it with
    `keras.saving.register_keras_serializable` so that a saved model can name it, and add
    `get_config` if its constructor takes arguments. `models/GAN` calls the methods with
    float32 logits of shape `(N, 1)`.

    Example:

        @keras.saving.register_keras_serializable(package="my_project")
        class LeastSquares(keras_gans.losses.AdversarialLoss):
            threshold = 0.5  # half-way between fake, 0, and real, 1

            def discriminator_loss(self, real_logits, fake_logits):
                return keras.ops.mean((real_logits - 1) ** 2 + fake_logits**2) / 2

            def generator_loss(self, real_logits, fake_logits):
                return keras.ops.mean((fake_logits - 1) ** 2) / 2
    """

    threshold = 0.0  # an image whose logit is larger is taken for real

    def discriminator_loss(self, real_logits, fake_logits):
        """What the discriminator minimises.

        Args:
            real_logits: Floats `(N, 1)`, the discriminator's output on real images.
            fake_logits: Floats `(N, 1)`, its output on generated images.

        Returns:
            A float scalar.
        """
        raise _missing(self, "discriminator_loss")

    def generator_loss(self, real_logits, fake_logits):
        """What the generator minimises.

        Args:
            real_logits: Floats `(N, 1)`. They come from the discriminator's turn of the
                same step, before its update.
            fake_logits: Floats `(N, 1)`, from the updated discriminator.

        Returns:
            A float scalar.
        """
        raise _missing(self, "generator_loss")

    def score(self, logits):
        """How real a batch looks to the discriminator, for the logs.

        Args:
            logits: Floats `(N, 1)`.

        Returns:
            A float scalar: the mean logit, unless the loss reads logits as probabilities.
        """
        return keras.ops.mean(logits)

    def get_config(self):
        """Returns the constructor's arguments as a dict."""
        return {}

    @classmethod
    def from_config(cls, config):
        """Creates the loss from the dict that `get_config` returned."""
        return cls(**config)


def _missing(loss, method):
    return TypeError(
        f"A loss must define `{method}(real_logits, fake_logits)`. "
        f"Received: loss={loss.__class__.__name__}, which does not. Define it in the class."
    )


@serializable()
class NonSaturating(AdversarialLoss):
    """Cross-entropy for both players, the default of `DCGAN`.

    Formula, with `sp(t) = log(1 + exp(t))` and logits `D(.)`:

        discriminator: mean(sp(-D(x)) + sp(D(G(z))))
        generator:     mean(sp(-D(G(z))))

    Example:

    >>> loss = NonSaturating()
    >>> round(float(loss.discriminator_loss(np.zeros((4, 1)), np.zeros((4, 1)))), 4)
    1.3863

    Reference:
        - [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661), section 3.
    """

    def discriminator_loss(self, real_logits, fake_logits):
        """Returns `mean(sp(-D(x)) + sp(D(G(z))))`."""
        return keras.ops.mean(keras.ops.softplus(-real_logits)) + keras.ops.mean(
            keras.ops.softplus(fake_logits)
        )

    def generator_loss(self, real_logits, fake_logits):
        """Returns `mean(sp(-D(G(z))))`."""
        return keras.ops.mean(keras.ops.softplus(-fake_logits))

    def score(self, logits):
        """Returns the mean probability of being real, in [0, 1]."""
        return keras.ops.mean(keras.ops.sigmoid(logits))
