"""What the numbers of a training mean, in words: one rule for each failure."""

import math

_EXPLODED = 1e4  # norm of a gradient, or 100 times that of the first epoch and above 100
_LARGE_LOSS = 1e3
_SAME_LOGIT = 1e-5  # spread of logits, against their size
_SAME_WEIGHTS = 1e-6  # change over an epoch, against the weights
_COLLAPSED = 0.25  # share of near-equal pairs
_FEW_IMAGES = 2000  # before, a generator may still draw the same grey image
_SURE = 0.99  # accuracy of a discriminator that wins
_FAR = 0.9  # between its scores, then
PLAYERS = ("discriminator", "generator")


def diagnose(epochs):
    """Names the failure that the newest epoch shows, the gravest first.

    Args:
        epochs: List of dicts of numbers, one for each epoch; see `HealthMonitor`.

    Returns:
        The name of the failure, a sentence, and whether it is urgent; three times None where
        nothing is wrong.
    """
    for name, rule, urgent in _RULES:
        message = rule(epochs[-1], epochs[0])
        if message is not None:
            return name, message, urgent
    return None, None, None


def _nan(now, first):
    bad = [name for name, value in now.items() if not math.isfinite(value)]
    bad.sort(key=lambda name: "loss" not in name and name != "penalty")  # what people know first
    if bad:
        return (
            f"NaN or infinite: {', '.join(bad[:3])}. Lower both learning rates, or add a "
            "penalty such as R1; NaNGuard goes back to the last good state."
        )
    return None


def _exploding(now, first):
    for player in PLAYERS:
        norm, before = (numbers[f"{player}_gradient_norm"] for numbers in (now, first))
        if norm > _EXPLODED or norm > 100 * max(before, 1.0):
            return (
                f"the {player}'s gradient explodes: its norm is {norm:.3g}, {before:.3g} after the "
                "first epoch. Lower its learning rate, or pass clipnorm=1.0 to its optimizer."
            )
        loss = now[f"{player}_loss"]
        if abs(loss) > _LARGE_LOSS:
            return (
                f"training explodes: the {player}'s loss is {loss:.3g}. Lower both learning "
                "rates, or add a penalty such as R1."
            )
    return None


def _dead(now, first):
    if now["logit_spread"] <= _SAME_LOGIT:
        return (
            "the discriminator is dead: it gives generated images and noise the same score (real "
            f"{now['real_score']:.2f}, fake {now['fake_score']:.2f}), and the generator learns "
            "nothing from it. Begin anew with a lower learning rate for it, and LeakyReLU in "
            "place of ReLU."
        )
    return None


def _frozen(now, first):
    for player in PLAYERS:
        if now[f"{player}_change"] < _SAME_WEIGHTS:
            return (
                f"the {player} is frozen: its weights do not move (learning rate "
                f"{now[f'{player}_learning_rate']:.3g}, gradient norm "
                f"{now[f'{player}_gradient_norm']:.3g}). Raise its learning rate; if the gradient "
                "is zero, look for an activation that is zero everywhere."
            )
    return None


def _collapsed(now, first):
    if now["near_equal_pairs"] > _COLLAPSED and now["images_seen"] >= _FEW_IMAGES:
        return (
            f"the generator has collapsed: {now['near_equal_pairs']:.0%} of pairs of its images "
            "look the same. Begin anew with lower learning rates, or add a penalty such as R1."
        )
    return None


def _wins(now, first):
    sure = min(now["real_accuracy"], now["fake_accuracy"]) > _SURE
    if sure and now["real_score"] - now["fake_score"] > _FAR:
        return (
            f"the discriminator wins: real {now['real_score']:.2f}, fake {now['fake_score']:.2f}. "
            "Lower its learning rate, or add R1."
        )
    return None


_RULES = [
    ("nan", _nan, True),
    ("exploding", _exploding, True),
    ("dead", _dead, False),
    ("frozen", _frozen, False),
    ("collapsed", _collapsed, False),
    ("wins", _wins, False),
]
