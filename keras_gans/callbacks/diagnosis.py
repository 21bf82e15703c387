"""The diagnosis of a training from its numbers, with one rule for each kind of failure."""

import math
from collections.abc import Sequence

_EXPLODED = 1e4  # gradient norm; also 100 times the norm of the first epoch, if above 100
_LARGE_LOSS = 1e3
_SAME_LOGIT = 1e-5  # spread of logits, relative to their size
_SAME_WEIGHTS = 1e-6  # change in an epoch, relative to the weights
_COLLAPSED = 0.25  # share of near-equal pairs
_FEW_IMAGES = 2000  # until then, a generator may still draw the same gray image
_SURE = 0.99  # accuracy of a discriminator that wins
_FAR = 0.9  # difference between the scores of a discriminator that wins
_SCORES = "real_score", "fake_score"
_OWN = ("_loss", "penalty", *_SCORES, "near_equal_pairs", "_norm", "_change")  # endings of names
PLAYERS = ("discriminator", "generator")


def diagnose(epochs: Sequence[dict[str, float]]) -> list[tuple[str, str, bool]]:
    """Returns the failures in the newest epoch, the most serious first.

    Args:
        epochs: List of dicts of numbers, one for each epoch; see `HealthMonitor`.

    Returns:
        A list of triples: the name of a failure, a sentence, and whether the failure is urgent.
    """
    found = [(name, rule(epochs[-1], epochs[0]), urgent) for name, rule, urgent in _RULES]
    return [failure for failure in found if failure[1] is not None]


def _nan(now, first):
    still = "generator" if now["generator_updates"] == 0 else "val"  # NaN is normal without a turn
    own = [name for name in now if name.endswith(_OWN) and not name.startswith(("val_", still))]
    own.sort(key=lambda name: [name.endswith(end) for end in _OWN].index(True))  # losses first
    bad = [name for name in own if not math.isfinite(now[name])]
    if bad:
        return (
            f"NaN or infinite: {', '.join(bad[:3])}. Lower both learning rates, or add a penalty "
            "such as R1; NaNGuard restores the last good state."
        )
    return None


def _exploding(now, first):
    for player in PLAYERS:
        norm, before = (numbers[f"{player}_gradient_norm"] for numbers in (now, first))
        growth = norm / max(before, 1.0) if math.isfinite(before) else 0.0
        if norm > _EXPLODED or growth > 100:
            compared = "" if now is first else f" ({before:.3g} in the first epoch)"
            return (
                f"the {player}'s gradient explodes: its norm is {norm:.3g}{compared}. Lower its "
                "learning rate, or pass clipnorm=1.0 to its optimizer."
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
            "nothing from it. Start again with a lower learning rate for the discriminator, and "
            "with LeakyReLU instead of ReLU."
        )
    return None


def _frozen(now, first):
    for player in PLAYERS:
        if now[f"{player}_updates"] and now[f"{player}_change"] < _SAME_WEIGHTS:
            return (
                f"the {player} is frozen: its weights do not change (learning rate "
                f"{now[f'{player}_learning_rate']:.3g}, gradient norm "
                f"{now[f'{player}_gradient_norm']:.3g}). Raise its learning rate; if the gradient "
                "is zero, look for an activation that is always zero."
            )
    return None


def _collapsed(now, first):
    if now["near_equal_pairs"] > _COLLAPSED and now["images_seen"] >= _FEW_IMAGES:
        return (
            f"the generator has collapsed: {now['near_equal_pairs']:.0%} of the pairs of its "
            "images look the same. Start again with lower learning rates, or add a penalty such "
            "as R1."
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
