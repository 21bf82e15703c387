"""Registration of the library's classes with Keras' serialisation."""

import functools

import keras

serializable = functools.partial(keras.saving.register_keras_serializable, package="keras_gans")
serializable.__doc__ = """Decorates a class so that Keras files can name it.

The registered name is `"keras_gans>ClassName"`. It is part of the file format:
renaming a class breaks the files that were saved with the old name.

Example:

    @serializable()
    class MyLayer(keras.layers.Layer): ...
"""
