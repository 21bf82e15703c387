"""Floor 4: self-contained HTML pages about one run or several, and the model card."""
