"""Put a paper together: SNGAN from a loss, a layer and two optimizers.

What you will see: a grid of clothes after each epoch, an animation of the training, and how close
the clothes come to real ones. Nothing in the library is called SNGAN: the hinge loss goes into
`compile`, and spectral normalisation around the layers of a discriminator of one's own.

    python examples/sngan.py

Two cores of an AMD EPYC (AVX-512): MINUTES minutes of training. Expected at the end: SCORES

Without network, set KERAS_GANS_DATA to a folder that holds Fashion-MNIST.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's start-up messages

import time

import keras

import keras_gans as kg

keras.utils.set_random_seed(0)
EPOCHS = 5
BATCH_SIZE = 64
LATENT_DIM = 32
LEARNING_RATE = 1e-3
BETAS = 0.0, 0.9  # of Adam: no momentum, as in the paper
FOLDER = "samples/sngan"

# Data: 60,000 clothes, 28x28, grey, floats in [-1, 1].
dataset = kg.datasets.fashion_mnist(BATCH_SIZE, seed=0)


# Networks: every layer of the discriminator that has a kernel uses it divided by its largest
# singular value, so that no layer can make the logits steep.
def discriminator(image_shape):
    images = x = keras.Input(image_shape)
    for filters, stride in ((32, 1), (64, 2), (128, 2), (256, 2)):
        size = 4 if stride == 2 else 3  # a multiple of the stride leaves no checkerboard
        convolution = keras.layers.Conv2D(filters, size, stride, padding="same")
        x = kg.layers.SpectralNormalization(convolution)(x)
        x = keras.layers.LeakyReLU(negative_slope=0.1)(x)
    dense = keras.layers.Dense(1)
    logits = kg.layers.SpectralNormalization(dense)(keras.layers.Flatten()(x))
    return keras.Model(images, logits, name="discriminator")


gan = kg.DCGAN(image_shape=(28, 28, 1), latent_dim=LATENT_DIM, discriminator=discriminator, seed=0)
optimizers = [
    keras.optimizers.Adam(
        keras.optimizers.schedules.CosineDecay(LEARNING_RATE, EPOCHS * len(dataset)), *BETAS
    )
    for _ in range(2)  # one for each player
]
gan.compile(*optimizers, loss=kg.losses.Hinge(), steps_per_execution=16)
start = time.perf_counter()
gan.fit(dataset, epochs=EPOCHS, callbacks=[kg.ImageMonitor(FOLDER)])
minutes = (time.perf_counter() - start) / 60

# Judgement: a classifier of clothes looks at 10,000 generated ones and at the test set.
images, labels = next(iter(kg.datasets.fashion_mnist(60_000, labels=True, seed=0)))
judge = kg.metrics.DomainClassifier((28, 28, 1), num_classes=10)
judge.fit(images, labels, epochs=8, verbose=0)
gan.measure_with([kg.metrics.FrechetDistance(judge), kg.metrics.PrecisionRecall(judge)])
gan.evaluate(kg.datasets.fashion_mnist(500, split="test", seed=0))
kg.drawing.plot_images(gan.generate(64, seed=1), columns=8).savefig(f"{FOLDER}/clothes.png")
print(f"{minutes:.1f} minutes of training; look at {os.path.abspath(FOLDER)}/image.gif")
