"""Reproduction of a comparison of seven training methods on five MNIST digits.

From Python, one cell:

    import reproduce

    record = reproduce.run(architecture=1, optimizer="adam", max_epochs=5)
    record.to_frame()["validation_loss"].plot()

With `import reproduce.optimizers`, Keras loads models that were saved with them.
"""


def run(architecture=1, optimizer="adam", seed=0, out=None, **settings):
    """Train one cell, as `python -m reproduce run` does, and return its record.

    It is trained in a process of its own, on one core. A script that calls this and
    defines the optimizer as well does so under `if __name__ == "__main__":`, because
    that process imports its file.

    Args:
        architecture: 1 to 5.
        optimizer: key of a method (`"adam"`), what else `--optimizer` takes
            (`"keras:Lion"`, `"my_module:MyLion"`), or an optimizer (`MyLion(0.01)`) of
            a class that stands in a file. Of an optimizer, the arguments count that
            its `get_config` tells, also before `settings`.
        seed: of the images drawn, the initial weights and the orders; at least 0.
        out: output folder, where record and model are kept; a record that is there
            already is what is returned. None: nothing is kept.
        settings: those of `experiment.protocol.Protocol` that differ from its own, as
            `patience=2`; `max_epochs` and `subset` make a run short.

    Returns:
        An `experiment.record.Record`. Its `to_frame()` is the history as a
        `pandas.DataFrame`, a row an epoch.

    Raises:
        UserError: something given is wrong, or the optimizer cannot be trained with.
        RuntimeError: the training failed; says how.
    """
    from .single import train_single

    return train_single(architecture, optimizer, seed, out, settings)
