"""The library as somebody else's dependency: own factory, own loss, own layer."""

import subprocess
import sys
import textwrap

import pytest

PACKAGE = {
    "pyproject.toml": """
        [build-system]
        requires = ["hatchling"]
        build-backend = "hatchling.build"
        [project]
        name = "sketches"
        version = "0"
    """,
    "sketches/__init__.py": """
        import keras
        import keras_gans as kg

        @keras.saving.register_keras_serializable(package="sketches")
        class Mirror(keras.layers.Layer):
            def call(self, x):
                return (x + x[:, :, ::-1]) / 2

        def generator(image_shape, latent_dim):
            network = kg.networks.dcgan_generator(image_shape, latent_dim, width=4)
            return keras.Model(network.input, Mirror()(network.output))

        @keras.saving.register_keras_serializable(package="sketches")
        class LeastSquares(kg.losses.AdversarialLoss):
            def discriminator_loss(self, real_logits, fake_logits):
                return keras.ops.mean((real_logits - 1) ** 2 + fake_logits**2) / 2

            def generator_loss(self, real_logits, fake_logits):
                return keras.ops.mean((fake_logits - 1) ** 2) / 2
    """,
    "train.py": """
        import keras
        import numpy as np
        import keras_gans as kg
        import sketches

        gan = kg.DCGAN(image_shape=(16, 12, 1), latent_dim=3, generator=sketches.generator)
        gan.compile(loss=sketches.LeastSquares())
        images = np.random.default_rng(0).integers(0, 256, (32, 16, 12, 1), "uint8")
        gan.fit(images, batch_size=8, epochs=2, verbose=0, callbacks=[kg.ImageMonitor()])
        made = gan.generate(4, seed=0)
        assert abs(made - made[:, :, ::-1]).max() < 1e-6, "the layer is in use"
        assert gan.images_seen == 64
        gan.save("sketch.keras")
    """,
    "load.py": """
        import keras
        import numpy as np
        import sketches

        gan = keras.saving.load_model("sketch.keras")
        assert type(gan).__name__ == "DCGAN"
        assert type(gan.loss) is sketches.LeastSquares
        assert gan.images_seen == 64
        assert int(gan.generator_optimizer.iterations) == 8
        images = np.random.default_rng(0).integers(0, 256, (32, 16, 12, 1), "uint8")
        gan.fit(images, batch_size=8, verbose=0)
        assert gan.images_seen == 96
        print("trained on")
    """,
}


@pytest.mark.stage2
def test_a_package_of_its_own_trains_saves_and_goes_on_in_another_process(tmp_path):
    for name, content in PACKAGE.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(content))
    for script in ("train.py", "load.py"):
        run = subprocess.run(
            [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stderr
    assert "trained on" in run.stdout
    assert (tmp_path / "samples" / "image.gif").exists()
