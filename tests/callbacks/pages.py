"""Small models, and a look at the pages that callbacks and comparisons write."""

import html.parser
import time

import keras

import keras_gans as kg
from keras_gans import networks

HOSTILE = (
    """</script><img src="https://example.org/a.png" onerror="document.title='mine'">'&$facts"""
)


def make_gan(image_shape=(8, 8, 1), **arguments):
    gan = kg.GAN(
        image_shape=image_shape,
        latent_dim=2,
        generator=lambda **sizes: networks.mlp_generator(width=4, **sizes),
        discriminator=lambda **sizes: networks.mlp_discriminator(width=4, **sizes),
        **arguments,
    )
    gan.compile()
    return gan


class Says(keras.callbacks.Callback):
    """Lets a monitor say something at the end of an epoch."""

    def __init__(self, health, text):
        super().__init__()
        self.health, self.text = health, text

    def on_epoch_end(self, epoch, logs=None):
        self.health.messages.append(self.text.format(epoch + 1))


class Elements(html.parser.HTMLParser):
    """The elements of a page with their attributes, as a browser finds them."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def wait_until(page, expression, seconds=30):
    """Waits until a JavaScript expression is true. (`wait_for_function` needs `eval`, which the
    page's security policy forbids.)"""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(50)


def opened(browser, file, **settings):
    """The page, and what it complained about, in a list that keeps growing."""
    page, complaints = browser.new_page(**settings), []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: (
            complaints.append(request.url[:80]) if request.url.startswith("http") else None
        ),
    )
    page.goto(file.as_uri())
    page.wait_for_selector("#curves .main-svg")
    return page, complaints
