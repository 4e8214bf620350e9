"""The verbs of `python -m reproduce`, one module each, in the order of its help.

A verb's module has `WHAT` it does in a line, an `EXAMPLE`, `add_flags(parser)` and
`main(arguments)`, which returns the exit status. TensorFlow is imported only inside
those that need a model, so that help and mistakes are answered at once.
"""

from reproduce.verbs import (
    bench,
    export,
    list,
    paths,
    predict,
    protocol,
    report,
    run,
    stress,
    sweep,
    unseen,
    verify,
)

VERBS = {
    verb.__name__.rpartition(".")[2]: verb
    for verb in (
        run,
        sweep,
        list,
        report,
        protocol,
        verify,
        export,
        paths,
        unseen,
        predict,
        bench,
        stress,
    )
}
