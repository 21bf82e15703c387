"""Registration of the library's classes for serialization with Keras."""

import functools

import keras

serializable = functools.partial(keras.saving.register_keras_serializable, package="keras_gans")
serializable.__doc__ = """Registers a class with Keras, so that saved files can contain its objects.

The registered name is `"keras_gans>ClassName"`. It is part of the file format:
after a class is renamed, files saved with the old name can no longer be loaded.

Example:

    @serializable()
    class MyLayer(keras.layers.Layer): ...
"""
