"""Floor 0: mechanics of `tf.data`, files and progress bars that the rooms above share."""
