"""Floor 0: `tf.data` pipelines, files and progress bars that packages above share."""
