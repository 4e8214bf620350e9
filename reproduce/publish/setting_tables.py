"""Tables of settings: stated, left unsaid by the original, and learning rates."""

import math
from statistics import median

from reproduce.analysis.candidates import QUESTIONS, leave_one_architecture_out
from reproduce.analysis.speed import TARGETS
from reproduce.analysis.sweeps import RANKED_BY
from reproduce.experiment.studies import SWEEP
from reproduce.original import HYPERPARAMETERS

from .run_tables import changed, method_of, target_key
from .table import BLANK, Cell, Column, Table, say, worded, yes

IN_MODELS = {
    "hidden_activation": "logistic",
    "output_activation": "softmax",
    "loss": "cross entropy",
}  # the same in every run: settings of the models, not of the protocol


def hyperparameters(findings):
    """Each setting as the original states it, in its table or elsewhere, and as run."""
    ours = IN_MODELS | findings.protocol.to_dict()
    stated = {
        row.setting: (row.label, row.methods, row.printed, " ".join(row.sections))
        for row in HYPERPARAMETERS
    }
    unlisted = {
        name: (
            say("setting", name),
            say("methods_of_setting", name),
            say("elsewhere", name) or Cell(None, say("unstated")),
            say("elsewhere_sections", name) or BLANK,
        )
        for name in ours
        if name not in ("name", *stated)
    }
    rows = [
        {
            "setting": name,
            Column("label", "Setting"): label,
            Column("methods", "Methods"): methods,
            Column("original", "Original"): printed,
            Column("value", "Ours"): Cell(
                ours.get(name), say("value", name, ours.get(name))
            ),
            Column("sections", "Section"): sections,
        }
        for name, (label, methods, printed, sections) in (stated | unlisted).items()
    ]
    title = "Settings: the original's and ours"
    return Table.of("hyperparameters", title, rows, say("hyperparameters_note"))


CANDIDATE_NUMBERS = (
    Column("distance", "Distance", "decimal"),
    Column("epochs_distance", "Of epochs", "decimal"),
    Column("accuracy_distance", "Of accuracies", "decimal"),
    Column("nearest_in", "Seeds nearest", "count"),
    Column("cells", "Cells", "count"),
    Column("runs", "Runs", "count"),
    Column("not_ended", "Not ended", "count"),
)


def candidates(findings):
    """The candidates for each unsaid setting, the nearest to the original first."""
    rows = []
    for answer in findings.answers:
        question = answer.question
        ranked = {candidate.label: candidate for candidate in answer.ranking}
        for place, label in enumerate([*ranked, *answer.waiting], start=1):
            if label not in ranked or answer.nearest is None:
                place = Cell(None, say("alone" if label in ranked else "waits"))
            rows.append(
                {
                    "key": question.key,
                    Column("question", "Question"): say("question", question.key),
                    Column("place", "Rank", "count"): place,
                    Column("candidate", "Candidate"): label,
                    Column("default", "Ours"): yes(label == question.readings[0].label),
                    **_numbers(answer, ranked.get(label)),
                }
            )
    title = "Which settings, left unsaid, explain the original's numbers"
    return Table.of("candidates", title, rows, say("candidates_note"))


def _numbers(answer, candidate):
    """Of a candidate; None: it waits for runs and has no numbers."""
    if candidate is None:
        return dict.fromkeys(CANDIDATE_NUMBERS)
    nearest_in = worded("place", len(candidate.nearest_in), candidate.seeds)
    numbers = (
        candidate.distance,
        candidate.epochs_distance,
        candidate.accuracy_distance,
        nearest_in if answer.nearest else None,
        worded("place", candidate.cells, answer.question.planned),
        candidate.runs,
        candidate.not_ended,
    )
    return dict(zip(CANDIDATE_NUMBERS, numbers, strict=True))


def leave_one_out(findings):
    """The choice of the default settings, without each architecture in turn."""
    rows = []
    for question in (question for question in QUESTIONS if question.chose_protocol):
        answers = leave_one_architecture_out(findings.studies, question.key)
        for left_out, answer in answers.items():
            if answer.nearest is None:
                continue
            first, second, *_ = answer.ranking
            rows.append(
                {
                    "key": question.key,
                    Column("question", "Question"): say("question", question.key),
                    Column("left_out", "Without architecture", "count"): left_out,
                    Column("nearest", "Nearest"): first.label,
                    Column("distance", "Distance", "decimal"): first.distance,
                    Column("next", "Next"): second.label,
                    Column("next_distance", "Its distance", "decimal"): second.distance,
                    Column("default", "Ours"): yes(answer.is_default),
                }
            )
    title = "The same choices without one architecture"
    return Table.of("leave-one-out", title, rows, say("leave_out_note"))


def sweep_table(sweep):
    """Every method of a `sweeps.Sweep` at its best learning rate."""
    title = f"Architecture {sweep.architecture}: every method at its best learning rate"
    notes = [say("sweep_note", any(line.full_batch for line in sweep.lines))]
    first = sweep.lines[0]  # batch GD has other limits than the study's protocol
    ignored = ("num_examples", "max_epochs") if first.full_batch else ("num_examples",)
    if names := changed(first.points[0].runs[0].protocol, SWEEP, *ignored):
        notes.append(say("sweep_settings", names))
    rows = [_method_at_best(line) for line in sweep.lines]
    return Table.of(f"sweep-{sweep.architecture}", title, rows, *notes)


def _method_at_best(line):
    usual, best, soonest = line.at_original_rate, line.best, line.soonest(RANKED_BY)
    runs = [run for point in line.points for run in point.runs]
    diverged = sum(run.ending == "diverged" for run in runs)
    loss, accuracy, epochs = None, None, None
    if usual:
        loss, accuracy, epochs = usual.loss, usual.accuracy, usual.epochs_to(RANKED_BY)
    fewest = soonest.epochs_to(RANKED_BY) if soonest else math.inf
    return {
        **method_of(line.method),
        Column("rates", "Rates", "count"): len(line.points),
        Column("runs", "Runs", "count"): len(runs),
        Column("best_rate", "Best rate", "rate"): best.rate,
        Column("at_edge", "At the edge"): yes(line.at_edge),
        Column("loss_original", "Validation loss at 0.001", "error"): loss,
        Column("loss_best", "At the best rate", "error"): best.loss,
        Column(
            "accuracy_original", "Validation accuracy at 0.001", "percent"
        ): accuracy,
        Column("accuracy_best", "At best rate", "percent"): best.accuracy,
        Column("epochs_original", "Epochs to error 0.02 at 0.001", "count"): epochs,
        Column("epochs_best", "Fewest epochs", "count"): fewest,
        Column("epochs_best_rate", "At a rate of", "rate"): soonest and soonest.rate,
        Column("rising", "Runs that rise", "count"): sum(p.rising for p in line.points),
        Column("diverged", "Diverged", "count"): diverged,
    }


def sweep_points(findings):
    """Every method at every learning rate."""
    rows = [
        {
            "architecture": sweep.architecture,
            "method": line.method,
            "rate": point.rate,
            "runs": len(point.runs),
            "validation_loss": point.loss,
            "validation_accuracy": point.accuracy,
            "test_accuracy": median(point.values("test", "accuracy")),
            **{target_key(target): point.epochs_to(target) for target in TARGETS},
            **point.endings,
            "rising": point.rising,
            "guessing": point.guessing,
        }
        for sweep in findings.sweeps
        for line in sweep.lines
        for point in line.points
    ]
    return Table.of("sweep-points", "Every method at every learning rate", rows)
