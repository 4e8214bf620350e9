"""From a cell to its record: training, and the processes that do it."""
