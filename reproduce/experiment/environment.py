"""Where and how processes train: one thread, on one core, with XLA's flags."""

import os

ONE_THREAD = {
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
}
# The widest vectors the processor has.
_WIDE = "--xla_cpu_prefer_vector_width=512"
# Whole loops as one function, without a dispatch for each operation in them. In it
# XLA writes matrix products as plain loops, which is slow for any but vectors.
_WHOLE_LOOPS = (
    "--xla_backend_extra_options=xla_cpu_small_while_loop_byte_threshold=1000000000"
)


def environment(protocol=None):
    """What to set before TensorFlow is imported.

    Args:
        protocol: of the runs, for its `batch_size`; None: an example an update.
    """
    batches = protocol is not None and (protocol.batch_size or 1) > 1
    flags = (_WIDE,) if batches else (_WIDE, _WHOLE_LOOPS)
    return {**ONE_THREAD, "XLA_FLAGS": " ".join(flags)}


def cores():
    """Numbers of the processors this process may use; where that is not told, all."""
    try:
        return sorted(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS
        return list(range(os.cpu_count() or 1))


def pin(core, pid=0):
    """Keep a process (this one: 0) on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(pid, {core})
